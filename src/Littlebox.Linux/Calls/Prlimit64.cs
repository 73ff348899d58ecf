namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>prlimit64(2): a limit of this process, soft and hard.</summary>
    /// <param name="resource">RLIMIT_*.</param>
    public static (ulong Soft, ulong Hard) LimitOf(int resource)
    {
        ulong* limit = stackalloc ulong[2];
        Check(SystemCall.Invoke(SystemCallNumber.Prlimit64, 0, resource, 0, (nint)limit), $"prlimit64(0, {resource}, NULL, …)");
        return (limit[0], limit[1]);
    }

    /// <summary>prlimit64(2): sets a limit of a process.</summary>
    /// <param name="pid">The process; 0 for this one.</param>
    /// <param name="resource">RLIMIT_*.</param>
    /// <param name="soft">The limit that counts; the highest number is none.</param>
    /// <param name="hard">The limit up to which it may be raised.</param>
    public static void SetLimit(int pid, int resource, ulong soft, ulong hard)
    {
        ulong* limit = stackalloc ulong[] { soft, hard };
        Check(SystemCall.Invoke(SystemCallNumber.Prlimit64, pid, resource, (nint)limit, 0), $"prlimit64({pid}, {resource}, {new Words($"{{rlim_cur={soft}, rlim_max={hard}}}")}, NULL)");
    }
}
