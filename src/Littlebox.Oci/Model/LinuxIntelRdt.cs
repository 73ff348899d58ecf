namespace Littlebox.Oci;

/// <summary><c>linux.intelRdt</c> (config-linux.md, IntelRdt).</summary>
public sealed record LinuxIntelRdt
{
    /// <summary><c>closID</c>; null where not given.</summary>
    public string? ClosId { get; init; }

    /// <summary><c>schemata</c>: lines, written last.</summary>
    public IReadOnlyList<string> Schemata { get; init; } = [];

    /// <summary><c>l3CacheSchema</c>; null where not given.</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary><c>memBwSchema</c>; null where not given.</summary>
    public string? MemBwSchema { get; init; }

    /// <summary><c>enableMonitoring</c></summary>
    public bool EnableMonitoring { get; init; }
}
