using Littlebox.Linux;
using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.Tests.Bus;

public sealed class MarshallingTests
{
    private static readonly KeyValuePair<string, BusValue>[] Properties =
    [
        new("Slice", BusValue.Of("a-b.slice")), new("Delegate", BusValue.Of(true)), new("MemoryMax", BusValue.Of(67108864ul)), new("PIDs", new BusArray("u", [new BusNumber('u', 4711)])),
        new("DeviceAllow", new BusArray("(ss)", [new BusTuple([BusValue.Of("/dev/char/1:3"), BusValue.Of("rwm")]), new BusTuple([BusValue.Of("char-*"), BusValue.Of("m")])])),
        new("AllowedCPUs", BusValue.Of([0x8f, 0x01])),
    ];

    [Fact]
    public void A_call_is_byte_for_byte_what_libdbus_makes_of_it()
    {
        var call = new BusCall("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))", body =>
        {
            body.Text("x.scope");
            body.Text("replace");
            body.Array(8, Properties, static (to, property) =>
            {
                to.Text(property.Key);
                to.Variant(property.Value);
            });
            body.Array<int>(8, [], static (_, _) => { });
        });
        Assert.Equal(Vectors.Call, Convert.ToHexStringLower(call.ToBytes(9)));
    }

    [Fact]
    public void Strings_and_arrays_are_those_of_the_specification()
    {
        var strings = new BusWriter();
        foreach (string text in (string[])["foo", "+", "bar"]) strings.Text(text);
        Assert.Equal("03000000666f6f00010000002b00000003000000626172" + "00", Convert.ToHexStringLower(strings.Written));
        var array = new BusWriter();
        array.Array(8, [5ul], static (to, number) => to.Number(number, 8));
        Assert.Equal("08000000000000000500000000000000", Convert.ToHexStringLower(array.Written));
    }

    [Fact]
    public void A_signal_and_an_error_of_libdbus_are_read()
    {
        BusMessage signal = BusMessage.Parse(Convert.FromHexString(Vectors.Signal));
        Assert.Equal((BusMessageType.Signal, "org.freedesktop.systemd1.Manager", "JobRemoved", "uoss", 0u), (signal.Type, signal.Interface, signal.Member, signal.Signature, signal.Answers));
        BusReader body = signal.Body;
        Assert.Equal(77u, body.UInt32());
        Assert.Equal("/org/freedesktop/systemd1/job/77", body.Text());
        Assert.Equal("a-b.scope", body.Text());
        Assert.Equal("done", body.Text());
        Assert.True(body.IsAtEnd);
        BusMessage error = BusMessage.Parse(Convert.FromHexString(Vectors.Error));
        Assert.Equal((BusMessageType.Error, "org.freedesktop.systemd1.UnitExists", 9u, "there is one"), (error.Type, error.Error, error.Answers, error.Body.Text()));
    }

    [Fact]
    public void What_a_call_holds_can_be_passed_over_by_its_types()
    {
        byte[] whole = Convert.FromHexString(Vectors.Call);
        var body = new BusReader(whole.AsSpan(whole.Length - 264), isBigEndian: false);
        body.SkipAll("ssa(sv)a(sa(sv))");
        Assert.True(body.IsAtEnd);
        // The same by each item.
        body = new BusReader(whole.AsSpan(whole.Length - 264), isBigEndian: false);
        body.SkipAll("ss");
        int end = body.Array(8) + body.Position;
        while (body.Position < end)
        {
            body.Align(8);
            body.SkipAll("sv");
        }
        Assert.Equal(end, body.Position);
    }

    [Fact]
    public void Numbers_of_a_big_endian_message_are_read()
    {
        var reader = new BusReader([0, 0, 0, 1, 0, 0, 0, 2, (byte)'h', (byte)'i', 0], isBigEndian: true);
        Assert.Equal(1u, reader.UInt32());
        Assert.Equal("hi", reader.Text());
    }

    [Fact]
    public void A_message_cut_short_or_changed_anywhere_is_read_or_refused_and_never_read_beyond_its_end()
    {
        int refused = 0;
        foreach (string vector in (string[])[Vectors.Call, Vectors.Signal, Vectors.Error])
        {
            byte[] good = Convert.FromHexString(vector);
            for (int length = 0; length < good.Length; length++) Assert.Throws<LittleboxException>(() => BusMessage.Parse(good.AsSpan(0, length)));
            for (int at = 0; at < good.Length; at++)
            {
                foreach (byte change in (byte[])[0x01, 0x80, 0xff])
                {
                    byte[] bad = [.. good];
                    bad[at] ^= change;
                    try
                    {
                        BusMessage message = BusMessage.Parse(bad);
                        BusReader body = message.Body;
                        body.SkipAll(message.Signature);
                    }
                    catch (LittleboxException)
                    {
                        refused++;
                    }
                }
            }
        }
        Assert.True(refused > 100, $"only {refused} have been refused");
    }

    [Theory]
    [InlineData("6c010001ffffffff0100000000000000")] // a body of 4 GiB
    [InlineData("6c01000100000000010000000" + "0000001")] // fields of 16 MiB
    [InlineData("6c0100020000000001000000" + "00000000")] // version 2
    [InlineData("780100010000000001000000" + "00000000")] // byte order x
    public void A_length_that_cannot_be_is_refused_before_anything_is_read(string start) => Assert.Throws<LittleboxException>(() => BusMessage.LengthOf(Convert.FromHexString(start)));

    [Theory]
    [InlineData("(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((y)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))")]
    [InlineData("a")]
    [InlineData("(y")]
    [InlineData("z")]
    public void A_type_that_is_none_is_refused(string signature) => Assert.Throws<LittleboxException>(() => new BusReader(new byte[64], isBigEndian: false).SkipAll(signature));

    [Fact]
    public void Variants_within_variants_end_somewhere()
    {
        // v v v …: each one is three bytes, 1 'v' 0.
        byte[] nested = new byte[600];
        for (int i = 0; i < nested.Length; i += 3) (nested[i], nested[i + 1]) = (1, (byte)'v');
        Assert.Throws<LittleboxException>(() => new BusReader(nested, isBigEndian: false).SkipAll("v"));
    }

    [Fact]
    public void Text_with_a_NUL_is_not_written() => Assert.Throws<LittleboxException>(() => new BusWriter().Text("a\0b"));
}
