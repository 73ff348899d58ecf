namespace Littlebox.Linux;

public static partial class Kernel
{
    private const int Siocgskns = 0x894c; // linux/sockios.h

    /// <summary>SIOCGSKNS: opens the network namespace a socket lives in, which need not be its process's.</summary>
    /// <returns>A descriptor, or <c>-errno</c> (EPERM: CAP_NET_ADMIN is needed in the owner of that namespace).</returns>
    public static int TryOpenSocketNamespace(int socket) => (int)SystemCall.Invoke(SystemCallNumber.Ioctl, socket, Siocgskns);
}
