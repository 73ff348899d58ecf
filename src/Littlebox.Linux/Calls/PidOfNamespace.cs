namespace Littlebox.Linux;

public static partial class Kernel
{
    // _IOR(0xb7, 0x7, int): linux/nsfs.h, Linux 6.12
    private const int NsGetTgidFromPidNs = unchecked((int)0x8004b707);

    /// <summary>NS_GET_TGID_FROM_PIDNS (Linux 6.12): the process that has <paramref name="pid"/> in a pid namespace, by its number here.</summary>
    /// <returns>The pid; <c>-ESRCH</c> where there is none (asked for 1: the namespace is dead); <c>-ENOTTY</c> on an older kernel.</returns>
    public static int TryTranslatePid(int pidNamespace, int pid) => (int)SystemCall.Invoke(SystemCallNumber.Ioctl, pidNamespace, NsGetTgidFromPidNs, pid);
}
