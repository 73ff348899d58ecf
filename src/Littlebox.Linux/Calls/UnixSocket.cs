using System.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>A listening SOCK_SEQPACKET socket in the file system (unix(7)); its file is made with mode 0777 less the umask.</summary>
    /// <param name="path">Its path, at most 107 bytes: longer ones go by <c>/proc/self/fd/N/NAME</c>.</param>
    public static Descriptor ListenAt(string path)
    {
        Descriptor socket = NewUnixSocket(stream: false);
        byte[] address = AddressOf(path);
        fixed (byte* start = address)
        {
            nint bound = SystemCall.Invoke(SystemCallNumber.Bind, socket.Number, (nint)start, address.Length);
            if (bound < 0) socket.Dispose();
            Check(bound, $"bind({bound}, {{sa_family=AF_UNIX, sun_path={path}}}, {address.Length})");
        }
        Check(SystemCall.Invoke(SystemCallNumber.Listen, socket.Number, 1), $"listen({Fd.Of(socket.Number)}, 1)");
        return socket;
    }

    /// <summary>Connects to a socket in the file system.</summary>
    /// <param name="path">Its path, at most 107 bytes.</param>
    /// <param name="stream">SOCK_STREAM; otherwise SOCK_SEQPACKET.</param>
    public static Descriptor ConnectTo(string path, bool stream)
    {
        Descriptor socket = NewUnixSocket(stream);
        byte[] address = AddressOf(path);
        fixed (byte* start = address)
        {
            nint connected = SystemCall.Invoke(SystemCallNumber.Connect, socket.Number, (nint)start, address.Length);
            if (connected < 0) socket.Dispose();
            Check(connected, $"connect(…, {{sa_family=AF_UNIX, sun_path={path}}}, {address.Length})");
        }
        return socket;
    }

    private static Descriptor NewUnixSocket(bool stream)
    {
        // AF_UNIX, SOCK_STREAM or SOCK_SEQPACKET with SOCK_CLOEXEC
        nint number = SystemCall.Invoke(SystemCallNumber.Socket, 1, (stream ? 1 : 5) | 0x80000, 0);
        Check(number, $"socket(AF_UNIX, {new Words(stream ? "SOCK_STREAM" : "SOCK_SEQPACKET")}|SOCK_CLOEXEC, 0)");
        return new Descriptor((int)number);
    }

    // struct sockaddr_un: the family, then the path with its NUL.
    private static byte[] AddressOf(string path)
    {
        byte[] address = new byte[2 + Encoding.UTF8.GetByteCount(path) + 1];
        if (address.Length > 110) throw new SystemCallException($"bind or connect(…, {{sun_path={Text.Strace.Quote(path)}}})", Errno.ENAMETOOLONG);
        address[0] = 1;
        Encoding.UTF8.GetBytes(path, address.AsSpan(2));
        return address;
    }
}
