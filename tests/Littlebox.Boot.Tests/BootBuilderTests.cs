using System.Runtime.InteropServices;
using Littlebox.Linux;

namespace Littlebox.Boot.Tests;

/// <summary>What a program may hold, and what is refused while it is built, before there is a child.</summary>
public sealed class BootBuilderTests
{
    [Fact]
    public void There_are_as_many_registers_as_the_shared_page_holds_without_the_channel_s()
    {
        var builder = new BootBuilder();
        for (int i = 1; i < SharedPage.Registers; i++) Assert.Equal(i, builder.NewRegister("r").Index);
        Assert.Throws<LittleboxException>(() => builder.NewRegister("one too many"));
    }

    [Theory]
    [InlineData("\ue0000\ue001")]
    [InlineData("\u00010\u0002")]
    public void A_string_that_looks_like_the_mark_of_a_register_is_a_string(string path)
    {
        var builder = new BootBuilder(keepsText: true);
        Register root = builder.NewRegister("root");
        builder.OpenBeneath(root, path, MakeMissing.Nothing, "there");
        Assert.StartsWith($"openat2(<{path}>, {Littlebox.Linux.Text.Strace.Quote(path)}, ", builder.Describe(0, _ => $"<{path}>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("/etc/passwd\0.txt")]
    public void A_string_with_a_NUL_is_refused(string value)
    {
        var builder = new BootBuilder();
        Assert.Throws<ArgumentException>(() => builder.String(value));
        Assert.Throws<ArgumentException>(() => builder.FreshString(value));
        Assert.Throws<ArgumentException>(() => builder.Strings(["fine", value]));
    }

    [Fact]
    public void More_than_four_tolerated_errors_and_six_arguments_are_refused()
    {
        var builder = new BootBuilder();
        Assert.Throws<ArgumentException>(() => builder.Call(1, $"").Tolerate(Errno.EPERM, Errno.ENOENT, Errno.ESRCH, Errno.EINTR, Errno.EIO));
        Assert.Throws<ArgumentException>(() => builder.Call(1, $"", 1, 2, 3, 4, 5, 6, 7));
    }

    [Fact]
    public void Equal_strings_are_kept_once_and_those_that_may_change_are_not()
    {
        var builder = new BootBuilder();
        Assert.Equal(builder.String("/proc"), builder.String("/proc"));
        Assert.NotEqual(builder.String("/proc"), builder.FreshString("/proc"));
        Assert.NotEqual(builder.FreshString("/proc"), builder.FreshString("/proc"));
    }

    [Fact]
    public void Data_is_aligned_to_eight_bytes_and_grows_as_it_must()
    {
        var builder = new BootBuilder();
        builder.String("odd");
        Assert.Equal(0, builder.Reserve(3).Offset % 8);
        Assert.Equal(0, builder.Reserve(100_000).Offset % 8);
        Data bytes = builder.Bytes([1, 2, 3]);
        Assert.Equal([1, 2, 3], builder.DataBlock.Slice(bytes.Offset, 3).ToArray());
    }

    [Fact]
    public void Without_texts_nothing_is_formatted_and_nothing_can_be_described()
    {
        var builder = new BootBuilder();
        builder.Call(1, $"call({Fails()})");
        Assert.Throws<InvalidOperationException>(() => builder.Describe().ToList());

        static string Fails() => throw new InvalidOperationException("formatted");
    }

    [Fact]
    public void Texts_are_as_strace_prints_them_with_the_names_of_registers()
    {
        var builder = new BootBuilder(keepsText: true) { Step = 4 };
        Register root = builder.NewRegister("root");
        builder.Call(SystemCallNumber.Fchdir, $"fchdir({root})", root);
        builder.Step = 5;
        builder.OpenBeneath(root, "/etc/\n", MakeMissing.Nothing, "file");
        Assert.Equal([(4, "fchdir(<root>)"), (5, "openat2(<root>, \"etc/\\n\", {flags=O_PATH|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}, 24)")], builder.Describe());
        Assert.Equal("fchdir(7</srv>)", builder.Describe(0, static _ => "7</srv>"));
    }

    [Fact]
    public void The_same_program_built_twice_is_the_same_with_texts_and_without()
    {
        Assert.Equal(Bytes(Built(false)), Bytes(Built(true)));
        Assert.Equal(Built(false).DataBlock, Built(true).DataBlock);

        static byte[] Bytes(BootBuilder builder)
        {
            var operations = new Operation[builder.Count];
            builder.Operations.CopyTo(operations);
            return MemoryMarshal.AsBytes<Operation>(operations).ToArray();
        }

        static BootBuilder Built(bool keepsText)
        {
            var builder = new BootBuilder(keepsText);
            Register root = builder.NewRegister("root");
            builder.OpenBeneath(root, "etc", MakeMissing.Directory, "etc");
            builder.ResetSignals();
            builder.Execute(["/bin/true"], ["true"], ["A=b"]);
            return builder;
        }
    }
}
