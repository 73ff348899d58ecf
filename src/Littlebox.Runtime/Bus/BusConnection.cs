using System.Text;
using Littlebox.Linux;

namespace Littlebox.Runtime.Bus;

/// <summary>
/// A connection by D-Bus: to a bus, or to a service itself (systemd's private socket). One call at a time, each answered before the next one; the signals that
/// come meanwhile wait for <see cref="Signal"/>. For one thread.
/// </summary>
public sealed class BusConnection : IDisposable
{
    /// <summary>How long to wait for an answer or a signal, in milliseconds.</summary>
    public const int DefaultLimit = 30_000;

    // More than this nobody waits for: a peer that sends without end is ignored.
    private const int MostSignals = 4096, LongestLine = 1024;

    private readonly Descriptor socket;
    private readonly Queue<BusMessage> signals = new();
    private byte[] buffer = new byte[4096];
    private int begin, end;
    private uint serial;

    private BusConnection(string path, Descriptor socket)
    {
        Path = path;
        this.socket = socket;
    }

    /// <summary>The socket that it goes to.</summary>
    public string Path { get; }

    /// <summary>True where the other side is in this process's pid namespace, or below it: a process number means the same there.</summary>
    public bool KnowsPids => Kernel.PeerOf(socket.Number).Pid != 0;

    /// <summary>Connects.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="isBus">It is a bus, to which one says hello; not a service itself.</param>
    /// <exception cref="SystemCallException">There is nobody there, or this user may not connect.</exception>
    /// <exception cref="LittleboxException">It is no D-Bus, or refuses this user.</exception>
    public static BusConnection Open(string path, bool isBus)
    {
        var connection = new BusConnection(path, Kernel.ConnectTo(path, stream: true));
        try
        {
            connection.Authenticate();
            if (isBus) connection.Call(new BusCall("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Has the bus send a kind of signals.</summary>
    /// <param name="rule">Which: <c>type='signal',member='…'</c>.</param>
    public void Match(string rule) => Call(new BusCall("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", body => body.Text(rule)));

    /// <summary>Calls a method, and waits for the answer.</summary>
    /// <exception cref="BusErrorException">It was answered by an error.</exception>
    /// <exception cref="LittleboxException">No answer came in time, or what came is not D-Bus.</exception>
    public BusMessage Call(BusCall call, int milliseconds = DefaultLimit)
    {
        long deadline = Environment.TickCount64 + milliseconds;
        uint number = ++serial;
        Send(call.ToBytes(number));
        while (true)
        {
            BusMessage message = Receive(deadline, call.Member);
            if (message.Type is BusMessageType.Signal && signals.Count < MostSignals) signals.Enqueue(message);
            if (message.Answers != number) continue;
            if (message.Type is BusMessageType.Return) return message;
            if (message.Type is BusMessageType.Error) throw new BusErrorException(message.Error, message.Signature.StartsWith('s') ? message.Body.Text() : "");
        }
    }

    /// <summary>The next signal, of those that wait and those that come.</summary>
    /// <param name="deadline">When to give up: <see cref="Environment.TickCount64"/>.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <exception cref="LittleboxException">None came in time.</exception>
    public BusMessage Signal(long deadline, string what)
    {
        if (signals.TryDequeue(out BusMessage? waiting)) return waiting;
        while (true)
        {
            BusMessage message = Receive(deadline, what);
            if (message.Type is BusMessageType.Signal) return message;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // EXTERNAL with an empty identity: the other side takes what the kernel says of us. An id in digits would be that of our user namespace, which the other side does not know.
    private void Authenticate()
    {
        long deadline = Environment.TickCount64 + DefaultLimit;
        Send("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"u8);
        string asked = Line(deadline);
        string answer = asked.StartsWith("DATA", StringComparison.Ordinal) ? Line(deadline) : asked;
        if (!answer.StartsWith("OK ", StringComparison.Ordinal))
            throw new LittleboxException(ErrorKind.NotSupported, $"{Path} does not let this user in by D-Bus", $"AUTH EXTERNAL: {Linux.Text.Strace.Quote(answer)}");
    }

    private string Line(long deadline)
    {
        while (true)
        {
            int length = buffer.AsSpan(begin, end - begin).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                string line = Encoding.ASCII.GetString(buffer, begin, length);
                begin += length + 2;
                return line;
            }
            if (end - begin > LongestLine) throw BusReader.Bad("a line of the greeting has no end");
            Fill(deadline, "the greeting");
        }
    }

    private BusMessage Receive(long deadline, string what)
    {
        while (end - begin < BusMessage.FixedLength) Fill(deadline, what);
        int length = BusMessage.LengthOf(buffer.AsSpan(begin, BusMessage.FixedLength));
        while (end - begin < length) Fill(deadline, what);
        begin += length;
        return BusMessage.Parse(buffer.AsSpan(begin - length, length));
    }

    private void Fill(long deadline, string what)
    {
        if (begin == end) begin = end = 0;
        if (end == buffer.Length)
        {
            if (begin > 0) Buffer.BlockCopy(buffer, begin, buffer, 0, end - begin);
            else Array.Resize(ref buffer, buffer.Length * 2);
            (begin, end) = (0, end - begin);
        }
        Span<PollDescriptor> wait = [new PollDescriptor { Descriptor = socket.Number, Events = PollEvents.Readable }];
        while (true)
        {
            long left = deadline - Environment.TickCount64;
            if (left <= 0) throw new LittleboxException(ErrorKind.SystemError, $"{Path} has not answered in time ({what})");
            if (Kernel.Poll(wait, (int)left) > 0) break;
        }
        int read = Kernel.TryRead(socket.Number, buffer.AsSpan(end));
        if (read <= 0)
        {
            throw new LittleboxException(ErrorKind.NotSupported, $"{Path} has closed the connection ({what}): it may not be open to this user",
                read == 0 ? "read(…) = 0" : $"read(…) = -1 {Kernel.ErrorOf(read)} ({Kernel.ErrorOf(read).Describe()})");
        }
        end += read;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Kernel.Write(socket.Number, bytes);
        }
        catch (SystemCallException failure)
        {
            throw new LittleboxException(ErrorKind.SystemError, $"{Path} has closed the connection", failure);
        }
    }
}
