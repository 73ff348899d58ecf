namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>socketpair(2): two connected AF_UNIX sockets that keep the borders of messages (SOCK_SEQPACKET), close-on-exec.</summary>
    public static (Descriptor One, Descriptor Other) SocketPair()
    {
        int* ends = stackalloc int[2];
        Check(SystemCall.Invoke(SystemCallNumber.Socketpair, 1, 5 | 0x80000, 0, (nint)ends), $"socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0, …)");
        return (new Descriptor(ends[0]), new Descriptor(ends[1]));
    }
}
