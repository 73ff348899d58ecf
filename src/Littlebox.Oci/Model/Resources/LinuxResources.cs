namespace Littlebox.Oci;

/// <summary>
/// What the container's control groups may use: <c>linux.resources</c> (runtime-spec, config-linux.md, Control groups). Everywhere below, null means
/// that config.json does not say, so the runtime leaves the kernel's value alone.
/// </summary>
public sealed record LinuxResources
{
    /// <summary><c>devices</c>: which devices may be used; the rules apply in this order, a later one wins.</summary>
    public IReadOnlyList<LinuxDeviceCGroup> Devices { get; init; } = [];

    /// <summary><c>memory</c></summary>
    public LinuxMemory? Memory { get; init; }

    /// <summary><c>cpu</c>, which holds cpuset too.</summary>
    public LinuxCpu? Cpu { get; init; }

    /// <summary><c>pids</c></summary>
    public LinuxPids? Pids { get; init; }

    /// <summary><c>blockIO</c></summary>
    public LinuxBlockIo? BlockIo { get; init; }

    /// <summary><c>hugepageLimits</c></summary>
    public IReadOnlyList<LinuxHugepageLimit> HugepageLimits { get; init; } = [];

    /// <summary><c>network</c></summary>
    public LinuxNetwork? Network { get; init; }

    /// <summary><c>rdma</c>: the limits of each device, by its name.</summary>
    public IReadOnlyList<KeyValuePair<string, LinuxRdma>> Rdma { get; init; } = [];

    /// <summary><c>unified</c>: files of the version 2 hierarchy and what to write to each, in the order of the document.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Unified { get; init; } = [];
}
