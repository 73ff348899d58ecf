namespace Littlebox.Linux;

public static partial class Kernel
{
    private const int KcmpFiles = 2; // linux/kcmp.h

    /// <summary>kcmp(2) with KCMP_FILES: do two tasks share one table of descriptors?</summary>
    /// <param name="one">A process or thread.</param>
    /// <param name="other">Another.</param>
    /// <returns><c>null</c> where the kernel does not say: no such call (CONFIG_KCMP), no permission to look into one of them, or one has ended.</returns>
    public static bool? SharesDescriptors(int one, int other)
    {
        nint result = SystemCall.Invoke(SystemCallNumber.Kcmp, one, other, KcmpFiles, 0, 0);
        return ErrorOf(result) is Errno.None ? result == 0 : null;
    }
}
