using Littlebox.Linux.Text;

namespace Littlebox.Linux.Tests;

public sealed class StraceTests
{
    [Fact]
    public void A_long_text_is_escaped_to_its_end() => Assert.Equal(new string('x', 5000) + "\\x1b", Strace.Escape(new string('x', 5000) + "\u001b"));

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("/srv/root", "\"/srv/root\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("line\nnext\r\t", "\"line\\nnext\\r\\t\"")]
    [InlineData("\u001b[31m\u007f", "\"\\x1b[31m\\x7f\"")]
    [InlineData("grün ☃", "\"grün ☃\"")]
    public void A_string_is_quoted_and_its_control_characters_are_escaped(string value, string quoted) => Assert.Equal(quoted, Strace.Quote(value));

    [Theory]
    [InlineData("\u009b31m", "\"\\xc2\\x9b31m\"")]
    [InlineData("\u0085", "\"\\xc2\\x85\"")]
    [InlineData("a\u202eb", "\"a\\xe2\\x80\\xaeb\"")]
    [InlineData("a\u2028b", "\"a\\xe2\\x80\\xa8b\"")]
    [InlineData("a\u2066b", "\"a\\xe2\\x81\\xa6b\"")]
    public void Characters_that_steer_a_terminal_or_turn_the_text_around_are_escaped_too(string value, string quoted) => Assert.Equal(quoted, Strace.Quote(value));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_printed_in_hexadecimal() => Assert.Equal("\"a\\xff\\xc3b\"", Strace.Quote([(byte)'a', 0xff, 0xc3, (byte)'b']));

    [Fact]
    public void What_is_longer_than_256_bytes_is_cut()
    {
        Assert.Equal('"' + new string('x', 256) + '"', Strace.Quote(new string('x', 256)));
        Assert.Equal('"' + new string('x', 256) + "\"…", Strace.Quote(new string('x', 257)));
    }

    [Fact]
    public void Flags_print_by_name_and_what_has_no_name_in_hexadecimal()
    {
        (ulong, string)[] names = [(1, "ONE"), (2, "TWO"), (0, "NOTHING"), (12, "BOTH")];
        Assert.Equal("0", Strace.Flags(0, names));
        Assert.Equal("ONE|TWO", Strace.Flags(3, names));
        Assert.Equal("ONE|0x4", Strace.Flags(5, names));
        Assert.Equal("BOTH", Strace.Flags(12, names));
        Assert.Equal("0x8000000000000000", Strace.Flags(1UL << 63, names));
    }

    [Fact]
    public void Open_flags_print_as_strace_prints_them()
    {
        Assert.Equal("O_RDONLY", CallFlags.Of(OpenFlags.ReadOnly));
        Assert.Equal("O_RDONLY|O_DIRECTORY|O_PATH", CallFlags.Of(OpenFlags.PathOnly | OpenFlags.Directory));
        Assert.Equal("O_WRONLY|O_CREAT|O_EXCL", CallFlags.Of(OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive));
        Assert.Equal("O_RDWR|O_TMPFILE", CallFlags.Of(OpenFlags.ReadWrite | OpenFlags.Temporary));
    }

    [Fact]
    public void A_descriptor_prints_with_what_it_points_at()
    {
        using var directory = new TemporaryDirectory();
        using Descriptor open = directory.Open();
        Assert.Equal($"{open.Number}<{directory.Path}>", Strace.Descriptor(open.Number));
        Assert.Equal("AT_FDCWD", Strace.Descriptor(Strace.CurrentDirectory));
        Assert.Equal("-1", Strace.Descriptor(-1));
        Assert.Equal("1000000", Strace.Descriptor(1_000_000));
    }

    [Fact]
    public void A_descriptor_of_a_file_with_a_hostile_name_prints_on_one_line()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.Path + "/a\nb\u001b[2J", "");
        using Descriptor file = Kernel.OpenAt2(Strace.CurrentDirectory, directory.Path + "/a\nb\u001b[2J", OpenFlags.ReadOnly);
        Assert.Equal($"{file.Number}<{directory.Path}/a\\nb\\x1b[2J>", Strace.Descriptor(file.Number));
    }

    [Fact]
    public void A_failed_call_is_printed_as_strace_prints_it()
    {
        using var directory = new TemporaryDirectory();
        using Descriptor open = directory.Open();
        var failure = Assert.Throws<SystemCallException>(() => Kernel.OpenAt2(open.Number, "missing", OpenFlags.PathOnly, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks));
        Assert.Equal(
            $"openat2({open.Number}<{directory.Path}>, \"missing\", {{flags=O_RDONLY|O_CLOEXEC|O_PATH, mode=00, resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}}, 24) = -1 ENOENT (No such file or directory)",
            failure.Message);
        Assert.Equal(Errno.ENOENT, failure.Error);
    }
}
