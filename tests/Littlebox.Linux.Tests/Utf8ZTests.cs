using Littlebox.Linux.Text;

namespace Littlebox.Linux.Tests;

public sealed class Utf8ZTests
{
    [Fact]
    public void A_string_becomes_UTF_8_with_a_NUL_behind()
    {
        Assert.Equal([0], Utf8Z.Of(""));
        Assert.Equal([(byte)'a', 0xc3, 0xbc, 0], Utf8Z.Of("aü"));
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("/etc/passwd\0.png")]
    [InlineData("ends\0")]
    public void A_NUL_inside_is_refused_and_the_message_shows_where(string value)
    {
        var failure = Assert.Throws<ArgumentException>(() => Utf8Z.Of(value));
        Assert.Contains(Strace.Quote(value), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_path_with_a_NUL_reaches_the_kernel()
    {
        Assert.Throws<ArgumentException>(() => Kernel.OpenAt2(Strace.CurrentDirectory, "/\0etc", OpenFlags.PathOnly));
        Assert.Throws<ArgumentException>(() => Kernel.Mount("/\0", "/", null, MountFlags.Bind));
        Assert.Throws<ArgumentException>(() => Kernel.SymlinkAt("a\0", Strace.CurrentDirectory, "b"));
    }

    [Fact]
    public void A_string_ends_at_the_first_NUL_of_its_buffer_or_at_its_end()
    {
        Assert.Equal("ab", Utf8Z.Read("ab\0cd"u8));
        Assert.Equal("ab", Utf8Z.Read("ab"u8));
        Assert.Equal("", Utf8Z.Read([]));
    }
}
