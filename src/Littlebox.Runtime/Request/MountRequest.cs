using Littlebox.Linux;

namespace Littlebox.Runtime.Request;

/// <summary>What is mounted at a place of the user's choice.</summary>
public enum MountKind
{
    /// <summary>A directory or file of the host.</summary>
    Bind,

    /// <summary>An empty file system in memory.</summary>
    Tmpfs,
}

/// <summary>A mount the user asked for (<c>-v</c>, <c>--mount</c>, <c>--tmpfs</c>), checked.</summary>
public sealed record MountRequest
{
    /// <summary>What.</summary>
    public required MountKind Kind { get; init; }

    /// <summary>Absolute path on the host; empty for a tmpfs.</summary>
    public string Source { get; init; } = "";

    /// <summary>Absolute path inside the container, without <c>..</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Read only, with all mounts below.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Further attributes to set: nosuid, nodev, noexec.</summary>
    public MountAttributes Attributes { get; init; }

    /// <summary>Propagation, with all mounts below.</summary>
    public MountFlags Propagation { get; init; } = MountFlags.Private;

    /// <summary>True where mounts made in it, on either side, are to show up on both.</summary>
    public bool IsShared => (Propagation & MountFlags.Shared) != 0;

    /// <summary>With the mounts below the source (rbind); false shows the one file system only.</summary>
    public bool Recursive { get; init; } = true;

    /// <summary>Options of the file system for a tmpfs, as pairs: <c>size</c>, <c>mode</c>, <c>uid</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; init; } = [];

    /// <summary>The option it came from, as the user wrote it.</summary>
    public required string Field { get; init; }
}
