using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.Tests.Bus;

/// <summary>What GLib's g_variant_parse(3) reads, this reads alike: types and values below have been compared with it.</summary>
public sealed class GVariantTextTests
{
    [Theory]
    [InlineData("456", "i", "c8010000")]
    [InlineData("-1", "i", "ffffffff")]
    [InlineData("0x10", "i", "10000000")]
    [InlineData("010", "i", "08000000")]
    [InlineData("byte 234", "y", "ea")]
    [InlineData("int16 -2", "n", "feff")]
    [InlineData("uint16 65535", "q", "ffff")]
    [InlineData("uint32 1", "u", "01000000")]
    [InlineData("int64 -1", "x", "ffffffffffffffff")]
    [InlineData("uint64 18446744073709551615", "t", "ffffffffffffffff")]
    [InlineData("@t 5", "t", "0500000000000000")]
    [InlineData("1.5", "d", "000000000000f83f")]
    [InlineData("1e3", "d", "0000000000408f40")]
    [InlineData("double 2", "d", "0000000000000040")]
    [InlineData("true", "b", "01000000")]
    [InlineData("boolean false", "b", "00000000")]
    [InlineData("'text'", "s", "040000007465787400")]
    [InlineData("\"it's\"", "s", "0400000069742773" + "00")]
    [InlineData("'a\\n\\u00e9\\''", "s", "05000000610ac3a92700")]
    [InlineData("objectpath '/a'", "o", "020000002f6100")]
    [InlineData("signature 'as'", "g", "02617300")]
    [InlineData("['a', 'b']", "as", "0e000000" + "010000006100" + "0000" + "010000006200")]
    [InlineData("[uint64 1, 2]", "at", "10000000" + "00000000" + "0100000000000000" + "0200000000000000")]
    [InlineData("@as []", "as", "00000000")]
    [InlineData("@a(st) []", "a(st)", "00000000" + "00000000")]
    [InlineData("[('/dev/sda', uint64 5)]", "a(st)", null)]
    [InlineData("@a(ss) [('a', 'b')]", "a(ss)", null)]
    [InlineData("(1,)", "(i)", "01000000")]
    [InlineData("  ( 1 , 'x' )  ", "(is)", "01000000" + "010000007800")]
    [InlineData("@ay [1, 2]", "ay", "020000000102")]
    public void A_value_has_its_type_and_its_bytes(string text, string signature, string? bytes)
    {
        BusValue value = GVariantText.Parse(text);
        Assert.Equal(signature, value.Signature);
        var writer = new BusWriter();
        value.Write(writer);
        if (bytes is not null) Assert.Equal(bytes, Convert.ToHexStringLower(writer.Written));
        new BusReader(writer.Written, isBigEndian: false).SkipAll(signature);
    }

    [Theory]
    [InlineData("")]
    [InlineData("invalid-value")]
    [InlineData("uint64")]
    [InlineData("byte 256")]
    [InlineData("byte -1")]
    [InlineData("uint64 18446744073709551616")]
    [InlineData("2147483648")]
    [InlineData("1 2")]
    [InlineData("--1")]
    [InlineData("'open")]
    [InlineData("'a\\u00'")]
    [InlineData("'\\u0000'")]
    [InlineData("[]")]
    [InlineData("['a', 1]")]
    [InlineData("['a'")]
    [InlineData("['a' 'b']")]
    [InlineData("()")]
    [InlineData("(1")]
    [InlineData("@s 1")]
    [InlineData("@s true")]
    [InlineData("@z 1")]
    [InlineData("@(ss) ('a',)")]
    [InlineData("@(s) ('a', 'b')")]
    [InlineData("uint64 'a'")]
    [InlineData("objectpath 'a'")]
    [InlineData("signature 'z'")]
    [InlineData("{'a': 1}")]
    [InlineData("<1>")]
    [InlineData("b'bytes'")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]")]
    public void What_is_no_value_is_refused(string text) => Assert.Throws<FormatException>(() => GVariantText.Parse(text).Signature);
}
