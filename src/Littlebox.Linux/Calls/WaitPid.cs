namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>wait4(2) for one child: reaps it and returns how it ended.</summary>
    /// <param name="pid">A child of this process.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="wait">False: return at once where it has not ended (WNOHANG).</param>
    /// <returns>The pid; 0 where it has not ended; <c>-errno</c>.</returns>
    public static int TryWait(int pid, out WaitStatus status, bool wait = true)
    {
        int raw = 0;
        nint result;
        do result = SystemCall.Invoke(SystemCallNumber.Wait4, pid, (nint)(&raw), wait ? 0 : 1, 0);
        while (ErrorOf(result) is Errno.EINTR);
        status = new WaitStatus(raw);
        return (int)result;
    }

    /// <summary>waitid(2), P_ALL, WEXITED|WNOHANG|WNOWAIT: a child that has ended, whichever, without reaping it.</summary>
    /// <returns>Its pid; 0 where none has ended; <c>-errno</c>.</returns>
    public static int TryPeekEnded()
    {
        // siginfo_t: si_pid is at byte 16, and 0 where there is none.
        int* information = stackalloc int[32];
        information[4] = 0;
        nint result = SystemCall.Invoke(SystemCallNumber.Waitid, 0, 0, (nint)information, 0x01000005, 0);
        return result < 0 ? (int)result : information[4];
    }

    /// <summary><see cref="TryWait"/> until it has ended.</summary>
    public static WaitStatus Wait(int pid)
    {
        Check(TryWait(pid, out WaitStatus status), $"wait4({pid}, …, 0, NULL)");
        return status;
    }
}
