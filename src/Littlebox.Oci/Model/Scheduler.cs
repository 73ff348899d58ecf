namespace Littlebox.Oci;

/// <summary><c>process.scheduler</c> (config.md, Linux Process; sched_setattr(2)).</summary>
public sealed record Scheduler
{
    /// <summary><c>policy</c></summary>
    public required SchedulerPolicy Policy { get; init; }

    /// <summary><c>nice</c>, -20 to 19.</summary>
    public int Nice { get; init; }

    /// <summary><c>priority</c>: 1 to 99 for Fifo and RoundRobin, else 0.</summary>
    public int Priority { get; init; }

    /// <summary><c>flags</c></summary>
    public SchedulerFlags Flags { get; init; }

    /// <summary><c>runtime</c>, nanoseconds, for Deadline.</summary>
    public ulong Runtime { get; init; }

    /// <summary><c>deadline</c>, nanoseconds, for Deadline.</summary>
    public ulong Deadline { get; init; }

    /// <summary><c>period</c>, nanoseconds, for Deadline.</summary>
    public ulong Period { get; init; }
}

/// <summary>The policies of <c>process.scheduler</c>; the value is the kernel's number (linux/sched.h).</summary>
public enum SchedulerPolicy
{
    /// <summary><c>SCHED_OTHER</c></summary>
    Other = 0,

    /// <summary><c>SCHED_FIFO</c></summary>
    Fifo = 1,

    /// <summary><c>SCHED_RR</c></summary>
    RoundRobin = 2,

    /// <summary><c>SCHED_BATCH</c></summary>
    Batch = 3,

    /// <summary><c>SCHED_ISO</c>: reserved, no kernel has it.</summary>
    Iso = 4,

    /// <summary><c>SCHED_IDLE</c></summary>
    Idle = 5,

    /// <summary><c>SCHED_DEADLINE</c></summary>
    Deadline = 6,
}

/// <summary>The flags of <c>process.scheduler</c>; bits are the kernel's (linux/sched.h).</summary>
[Flags]
public enum SchedulerFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>SCHED_FLAG_RESET_ON_FORK</c></summary>
    ResetOnFork = 0x01,

    /// <summary><c>SCHED_FLAG_RECLAIM</c></summary>
    Reclaim = 0x02,

    /// <summary><c>SCHED_FLAG_DL_OVERRUN</c></summary>
    DeadlineOverrun = 0x04,

    /// <summary><c>SCHED_FLAG_KEEP_POLICY</c></summary>
    KeepPolicy = 0x08,

    /// <summary><c>SCHED_FLAG_KEEP_PARAMS</c></summary>
    KeepParams = 0x10,

    /// <summary><c>SCHED_FLAG_UTIL_CLAMP_MIN</c></summary>
    UtilClampMin = 0x20,

    /// <summary><c>SCHED_FLAG_UTIL_CLAMP_MAX</c></summary>
    UtilClampMax = 0x40,
}
