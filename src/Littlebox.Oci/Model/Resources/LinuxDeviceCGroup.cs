namespace Littlebox.Oci;

/// <summary>A rule of <c>linux.resources.devices</c> (config-linux.md, Allowed Device list).</summary>
public sealed record LinuxDeviceCGroup
{
    /// <summary><c>allow</c>: whether the rule allows or denies.</summary>
    public required bool Allow { get; init; }

    /// <summary><c>type</c>; all where config.json does not say.</summary>
    public LinuxDeviceType Type { get; init; } = LinuxDeviceType.All;

    /// <summary><c>major</c>; null is every one (so is -1, which the reader turns into null).</summary>
    public long? Major { get; init; }

    /// <summary><c>minor</c>; null is every one (so is -1, which the reader turns into null).</summary>
    public long? Minor { get; init; }

    /// <summary><c>access</c>: letters of <c>rwm</c> (read, write, mknod); where config.json does not say, all three.</summary>
    public string Access { get; init; } = "rwm";
}
