namespace Littlebox.Oci;

/// <summary><c>linux.resources.cpu</c> (config-linux.md, CPU). Times are in microseconds.</summary>
public sealed record LinuxCpu
{
    /// <summary><c>shares</c>: relative weight, 2 to 262144 in version 1.</summary>
    public ulong? Shares { get; init; }

    /// <summary><c>quota</c>: time in one period, microseconds; negative is unlimited.</summary>
    public long? Quota { get; init; }

    /// <summary><c>burst</c>: time saved up beyond the quota, microseconds.</summary>
    public ulong? Burst { get; init; }

    /// <summary><c>period</c>, microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary><c>realtimeRuntime</c>, microseconds. Version 1 only.</summary>
    public long? RealtimeRuntime { get; init; }

    /// <summary><c>realtimePeriod</c>, microseconds. Version 1 only.</summary>
    public ulong? RealtimePeriod { get; init; }

    /// <summary><c>cpus</c>: a list as <c>0-3,7</c>; null where not given.</summary>
    public string? Cpus { get; init; }

    /// <summary><c>mems</c>: memory nodes, a list as <c>0-3,7</c>; null where not given.</summary>
    public string? Mems { get; init; }

    /// <summary><c>idle</c>: 1 for SCHED_IDLE, 0 for the default.</summary>
    public long? Idle { get; init; }
}
