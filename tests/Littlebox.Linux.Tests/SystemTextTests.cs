using System.Text;
using Littlebox.Linux.Text;

namespace Littlebox.Linux.Tests;

/// <summary>Bytes of the system as strings, and back.</summary>
public sealed class SystemTextTests
{
    [Fact]
    public void Any_bytes_come_back_as_they_were()
    {
        var random = new Random(4);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(12)];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : 0xc0 + random.Next(64));
            string text = SystemText.Decode(bytes);
            Assert.Equal(bytes, SystemText.Bytes(text));
            Assert.Equal(bytes.Length, SystemText.Count(text));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("grüße ☃ 😀 \U000103ff")]
    public void What_is_UTF_8_is_the_string_that_everybody_reads(string text)
    {
        Assert.Equal(text, SystemText.Decode(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(Encoding.UTF8.GetBytes(text), SystemText.Bytes(text));
    }

    [Fact]
    public void A_byte_that_is_not_UTF_8_is_a_surrogate_of_its_own() => Assert.Equal("a\udcff\udcc3(", SystemText.Decode([(byte)'a', 0xff, 0xc3, (byte)'(']));
}
