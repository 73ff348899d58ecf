namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>clock_gettime(CLOCK_BOOTTIME): nanoseconds since the machine was started, sleep included; what /proc/PID/stat counts start times by.</summary>
    public static long BootTime
    {
        get
        {
            long* time = stackalloc long[2];
            SystemCall.Invoke(SystemCallNumber.ClockGettime, 7, (nint)time);
            return time[0] * 1_000_000_000 + time[1];
        }
    }
}
