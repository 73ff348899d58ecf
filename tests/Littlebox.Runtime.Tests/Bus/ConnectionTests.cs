using System.Net.Sockets;
using Littlebox.Linux;
using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.Tests.Bus;

/// <summary>A connection with somebody at the other end who says what he likes.</summary>
public sealed class ConnectionTests
{
    private static readonly BusCall Anything = new("a.b", "/a", "a.b", "Get");

    [Fact]
    public void A_signal_that_comes_before_the_answer_waits_until_it_is_asked_for()
    {
        byte[] answer = Answer(1);
        Assert.Equal("JobRemoved", With([.. "DATA\r\nOK 1234\r\n"u8, .. Convert.FromHexString(Vectors.Signal), .. answer], static connection =>
        {
            connection.Call(Anything);
            return connection.Signal(Environment.TickCount64 + 10_000, "a test").Member;
        }));
    }

    [Fact]
    public void A_server_that_asks_nothing_back_is_one_too() => Assert.Equal(BusMessageType.Return, With([.. "OK 1234\r\n"u8, .. Answer(1)], static connection => connection.Call(Anything).Type));

    [Fact]
    public void An_error_in_answer_has_its_name()
    {
        byte[] error = Convert.FromHexString(Vectors.Error);
        // It answers the first call here.
        error[error.AsSpan().IndexOf("\u0005\u0001u\0"u8) + 4] = 1;
        var failure = Assert.Throws<BusErrorException>(() => With([.. "DATA\r\nOK 1234\r\n"u8, .. error], static connection => connection.Call(Anything)));
        Assert.Equal(("org.freedesktop.systemd1.UnitExists", "there is one"), (failure.Name, failure.Text));
    }

    [Theory]
    [InlineData("REJECTED EXTERNAL\r\n")]
    [InlineData("DATA\r\nREJECTED\r\n")]
    [InlineData("DATA\r\n")]
    [InlineData("")]
    [InlineData("DATA\r\nOK 1\r\nl")]
    [InlineData("DATA\r\nOK 1\r\nHTTP/1.1 400 Bad Request\r\n\r\n")]
    public void Whoever_does_not_speak_D_Bus_or_goes_away_is_an_error(string words) =>
        Assert.Throws<LittleboxException>(() => With(System.Text.Encoding.ASCII.GetBytes(words), static connection => connection.Call(Anything)));

    [Fact]
    public void A_greeting_without_end_is_an_error() => Assert.Throws<LittleboxException>(() => With(new byte[100_000], static connection => connection.Call(Anything)));

    [Fact]
    public void A_message_longer_than_what_has_been_read_so_far_is_read_whole()
    {
        var text = new BusWriter();
        text.Text(new string('x', 300_000));
        Assert.Equal(300_000, With([.. "OK 1\r\n"u8, .. Answer(1, "s", text.Written)], static connection => connection.Call(Anything).Body.Text().Length));
    }

    // A return as D-Bus has it: fields REPLY_SERIAL and SIGNATURE.
    private static byte[] Answer(uint to, string signature = "", ReadOnlySpan<byte> body = default)
    {
        var message = new BusWriter();
        message.Bytes([(byte)'l', 2, 0, 1]);
        message.UInt32((uint)body.Length);
        message.UInt32(1);
        List<(byte, BusValue)> fields = [(5, new BusNumber('u', to))];
        if (signature.Length > 0) fields.Add((8, new BusText('g', signature)));
        message.Array(8, fields, static (writer, field) =>
        {
            writer.Byte(field.Item1);
            writer.Variant(field.Item2);
        });
        message.Align(8);
        message.Bytes(body);
        return message.Written.ToArray();
    }

    private static T With<T>(byte[] words, Func<BusConnection, T> use)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Path + "/bus";
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        var server = Task.Run(() =>
        {
            using Socket client = listener.Accept();
            byte[] rest = new byte[4096];
            try
            {
                client.Send(words);
                client.Shutdown(SocketShutdown.Send);
                // Until the client goes, so that what it sends has somewhere to go.
                while (client.Receive(rest) > 0)
                {
                }
            }
            catch (SocketException)
            {
                // It has gone, and not read all, or not let us send all.
            }
        });
        try
        {
            using BusConnection connection = BusConnection.Open(path, isBus: false);
            Assert.True(connection.KnowsPids);
            return use(connection);
        }
        finally
        {
            server.Wait();
        }
    }
}
