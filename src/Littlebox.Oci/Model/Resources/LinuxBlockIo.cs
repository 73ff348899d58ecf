namespace Littlebox.Oci;

/// <summary><c>linux.resources.blockIO</c> (config-linux.md, Block IO).</summary>
public sealed record LinuxBlockIo
{
    /// <summary><c>weight</c>, 10 to 1000; 0 is not set, as engines write it.</summary>
    public ushort? Weight { get; init; }

    /// <summary><c>leafWeight</c>, 10 to 1000. Version 1 with CFQ only.</summary>
    public ushort? LeafWeight { get; init; }

    /// <summary><c>weightDevice</c></summary>
    public IReadOnlyList<LinuxWeightDevice> WeightDevice { get; init; } = [];

    /// <summary><c>throttleReadBpsDevice</c>, bytes in a second.</summary>
    public IReadOnlyList<LinuxThrottleDevice> ThrottleReadBpsDevice { get; init; } = [];

    /// <summary><c>throttleWriteBpsDevice</c>, bytes in a second.</summary>
    public IReadOnlyList<LinuxThrottleDevice> ThrottleWriteBpsDevice { get; init; } = [];

    /// <summary><c>throttleReadIOPSDevice</c>, operations in a second.</summary>
    public IReadOnlyList<LinuxThrottleDevice> ThrottleReadIopsDevice { get; init; } = [];

    /// <summary><c>throttleWriteIOPSDevice</c>, operations in a second.</summary>
    public IReadOnlyList<LinuxThrottleDevice> ThrottleWriteIopsDevice { get; init; } = [];
}

/// <summary>An entry of <c>weightDevice</c>: a weight for one device; at least one of the two weights is given.</summary>
public sealed record LinuxWeightDevice
{
    /// <summary><c>major</c></summary>
    public required long Major { get; init; }

    /// <summary><c>minor</c></summary>
    public required long Minor { get; init; }

    /// <summary><c>weight</c>, 10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary><c>leafWeight</c>, 10 to 1000. Version 1 with CFQ only.</summary>
    public ushort? LeafWeight { get; init; }
}

/// <summary>An entry of the <c>throttle…Device</c> lists: a rate for one device.</summary>
public sealed record LinuxThrottleDevice
{
    /// <summary><c>major</c></summary>
    public required long Major { get; init; }

    /// <summary><c>minor</c></summary>
    public required long Minor { get; init; }

    /// <summary><c>rate</c>: bytes or operations in a second; 0 takes the limit away.</summary>
    public required ulong Rate { get; init; }
}
