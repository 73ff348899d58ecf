namespace Littlebox.Oci;

/// <summary>An entry of <c>mounts</c> (config.md, Mounts).</summary>
public sealed record Mount
{
    /// <summary><c>destination</c>: a path in the container; a relative one starts at its root (deprecated by the spec).</summary>
    public required string Destination { get; init; }

    /// <summary><c>type</c>: a file system, or a dummy for bind mounts; null where not given.</summary>
    public string? Type { get; init; }

    /// <summary><c>source</c>: a path for bind mounts (relative to the bundle), else a device or a dummy; null where not given.</summary>
    public string? Source { get; init; }

    /// <summary><c>options</c>, as they are written.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary><c>uidMappings</c>, for idmap and ridmap.</summary>
    public IReadOnlyList<LinuxIdMapping> UidMappings { get; init; } = [];

    /// <summary><c>gidMappings</c>, for idmap and ridmap.</summary>
    public IReadOnlyList<LinuxIdMapping> GidMappings { get; init; } = [];
}
