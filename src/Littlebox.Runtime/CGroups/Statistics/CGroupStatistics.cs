namespace Littlebox.Runtime.CGroups;

/// <summary>
/// What a container has used, in the units and with the names of <c>runc events --stats</c> (its types/events.go), which engines parse. Times are
/// nanoseconds, sizes bytes; a limit that is not set is <see cref="ulong.MaxValue"/>, but for processes, where it is 0.
/// </summary>
public sealed class CGroupStatistics
{
    /// <summary>Processor time.</summary>
    public CpuStatistics Cpu { get; } = new();

    /// <summary>Files of the version 1 controller cpuset by their JSON names, such as <c>mem_hardwall</c>; the lists of processors and nodes apart.</summary>
    public SortedDictionary<string, long> CpuSet { get; } = new(StringComparer.Ordinal);

    /// <summary>The processors it may use, version 1.</summary>
    public IReadOnlyList<int> Processors { get; set; } = [];

    /// <summary>The memory nodes it may use, version 1.</summary>
    public IReadOnlyList<int> MemoryNodes { get; set; } = [];

    /// <summary>Memory.</summary>
    public MemoryStatistics Memory { get; } = new();

    /// <summary>How many processes and threads there are.</summary>
    public ulong PidsCurrent { get; set; }

    /// <summary>How many there may be; 0 for no limit.</summary>
    public ulong PidsLimit { get; set; }

    /// <summary>Input and output by table (<c>ioServiceBytesRecursive</c>) and in it by device.</summary>
    public SortedDictionary<string, List<BlockStatistics>> Block { get; } = new(StringComparer.Ordinal);

    /// <summary>Pressure stall information of input and output.</summary>
    public PressureStatistics? BlockPressure { get; set; }

    /// <summary>Huge pages by size, <c>2MB</c>.</summary>
    public SortedDictionary<string, HugePageStatistics> HugePages { get; } = new(StringComparer.Ordinal);
}

/// <summary>Processor time, in nanoseconds.</summary>
public sealed class CpuStatistics
{
    /// <summary>All of it.</summary>
    public ulong Total { get; set; }

    /// <summary>In the kernel.</summary>
    public ulong Kernel { get; set; }

    /// <summary>Outside the kernel.</summary>
    public ulong User { get; set; }

    /// <summary>By processor: all, in the kernel, outside. Version 1.</summary>
    public IReadOnlyList<ulong> PerProcessor { get; set; } = [];

    /// <inheritdoc cref="PerProcessor"/>
    public IReadOnlyList<ulong> PerProcessorKernel { get; set; } = [];

    /// <inheritdoc cref="PerProcessor"/>
    public IReadOnlyList<ulong> PerProcessorUser { get; set; } = [];

    /// <summary>How many periods of the quota have passed.</summary>
    public ulong Periods { get; set; }

    /// <summary>In how many the quota was used up.</summary>
    public ulong ThrottledPeriods { get; set; }

    /// <summary>How long it had to wait for the next period.</summary>
    public ulong ThrottledTime { get; set; }

    /// <summary>Pressure stall information.</summary>
    public PressureStatistics? Pressure { get; set; }
}

/// <summary>Memory, in bytes.</summary>
public sealed class MemoryStatistics
{
    /// <summary>Page cache.</summary>
    public ulong Cache { get; set; }

    /// <summary>Memory.</summary>
    public MemoryCounter Usage { get; set; }

    /// <summary>Memory and swap together, on both versions.</summary>
    public MemoryCounter Swap { get; set; }

    /// <summary>Kernel memory, version 1.</summary>
    public MemoryCounter Kernel { get; set; }

    /// <summary>Buffers of TCP, version 1.</summary>
    public MemoryCounter KernelTcp { get; set; }

    /// <summary>All of <c>memory.stat</c>.</summary>
    public SortedDictionary<string, ulong> Raw { get; } = new(StringComparer.Ordinal);

    /// <summary>Pressure stall information.</summary>
    public PressureStatistics? Pressure { get; set; }

    /// <summary>How often the kernel has killed a process for want of memory.</summary>
    public ulong OutOfMemoryKills { get; set; }
}

/// <summary>A counter of memory.</summary>
public readonly record struct MemoryCounter(ulong Limit, ulong Usage, ulong Max, ulong Failures);

/// <summary>A line of an input and output table.</summary>
public readonly record struct BlockStatistics(ulong Major, ulong Minor, string Operation, ulong Value);

/// <summary>Huge pages of one size, in bytes.</summary>
public readonly record struct HugePageStatistics(ulong Usage, ulong Max, ulong Failures);

/// <summary>Pressure stall information (kernel, accounting/psi.rst): percentages of the last 10, 60 and 300 seconds, and microseconds in all.</summary>
public sealed record PressureStatistics(PressureLine Some, PressureLine Full);

/// <summary>One line of a pressure file.</summary>
public readonly record struct PressureLine(double Average10, double Average60, double Average300, ulong Total);
