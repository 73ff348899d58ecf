namespace Littlebox.Oci;

/// <summary><c>linux.resources.network</c>: net_cls and net_prio of version 1 (config-linux.md, Network).</summary>
public sealed record LinuxNetwork
{
    /// <summary><c>classID</c>: the class with which packets are tagged.</summary>
    public uint? ClassId { get; init; }

    /// <summary><c>priorities</c></summary>
    public IReadOnlyList<LinuxInterfacePriority> Priorities { get; init; } = [];
}

/// <summary>An entry of <c>linux.resources.network.priorities</c>.</summary>
public sealed record LinuxInterfacePriority
{
    /// <summary><c>name</c>: the interface, in the runtime's network namespace.</summary>
    public required string Name { get; init; }

    /// <summary><c>priority</c></summary>
    public required uint Priority { get; init; }
}
