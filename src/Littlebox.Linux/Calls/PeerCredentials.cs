namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    private const int SolSocket = 1, SoPeercred = 17;

    /// <summary>Who is at the other end of a connected AF_UNIX socket (SO_PEERCRED, unix(7)): for a socket that has been connected to, whoever called listen(2).</summary>
    /// <returns>Its process id, 0 where this pid namespace does not have it, and its effective uid.</returns>
    public static (int Pid, int Uid) PeerOf(int socket)
    {
        int* credentials = stackalloc int[3]; // struct ucred: pid, uid, gid
        int length = 12;
        Check(SystemCall.Invoke(SystemCallNumber.Getsockopt, socket, SolSocket, SoPeercred, (nint)credentials, (nint)(&length)), $"getsockopt({Fd.Of(socket)}, SOL_SOCKET, SO_PEERCRED, …, 12)");
        return (credentials[0], credentials[1]);
    }
}
