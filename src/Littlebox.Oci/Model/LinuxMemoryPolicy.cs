namespace Littlebox.Oci;

/// <summary><c>linux.memoryPolicy</c> (config-linux.md, Memory policy; set_mempolicy(2)).</summary>
public sealed record LinuxMemoryPolicy
{
    /// <summary><c>mode</c></summary>
    public required MemoryPolicyMode Mode { get; init; }

    /// <summary><c>nodes</c>: a list as <c>0-3,7</c>; null where not given.</summary>
    public string? Nodes { get; init; }

    /// <summary><c>flags</c></summary>
    public MemoryPolicyFlags Flags { get; init; }
}

/// <summary>The modes of set_mempolicy(2); the value is the kernel's number (linux/mempolicy.h).</summary>
public enum MemoryPolicyMode
{
    /// <summary><c>MPOL_DEFAULT</c></summary>
    Default = 0,

    /// <summary><c>MPOL_PREFERRED</c></summary>
    Preferred = 1,

    /// <summary><c>MPOL_BIND</c></summary>
    Bind = 2,

    /// <summary><c>MPOL_INTERLEAVE</c></summary>
    Interleave = 3,

    /// <summary><c>MPOL_LOCAL</c></summary>
    Local = 4,

    /// <summary><c>MPOL_PREFERRED_MANY</c>, kernel 5.15.</summary>
    PreferredMany = 5,

    /// <summary><c>MPOL_WEIGHTED_INTERLEAVE</c>, kernel 6.9.</summary>
    WeightedInterleave = 6,
}

/// <summary>The flags of set_mempolicy(2); bits are the kernel's (linux/mempolicy.h).</summary>
[Flags]
public enum MemoryPolicyFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>MPOL_F_NUMA_BALANCING</c></summary>
    NumaBalancing = 1 << 13,

    /// <summary><c>MPOL_F_RELATIVE_NODES</c></summary>
    RelativeNodes = 1 << 14,

    /// <summary><c>MPOL_F_STATIC_NODES</c></summary>
    StaticNodes = 1 << 15,
}
