namespace Littlebox.Oci;

/// <summary>An entry of <c>linux.devices</c> (config-linux.md, Devices).</summary>
public sealed record LinuxDevice
{
    /// <summary><c>path</c>: absolute, in the container.</summary>
    public required string Path { get; init; }

    /// <summary><c>type</c>: Character, Block or Fifo.</summary>
    public required LinuxDeviceType Type { get; init; }

    /// <summary><c>major</c>; 0 for a fifo.</summary>
    public long Major { get; init; }

    /// <summary><c>minor</c>; 0 for a fifo.</summary>
    public long Minor { get; init; }

    /// <summary><c>fileMode</c>; null where not given. Bits of the type that engines leave in it are kept.</summary>
    public uint? FileMode { get; init; }

    /// <summary><c>uid</c>; null where not given.</summary>
    public uint? Uid { get; init; }

    /// <summary><c>gid</c>; null where not given.</summary>
    public uint? Gid { get; init; }
}
