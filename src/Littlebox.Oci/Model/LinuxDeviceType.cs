namespace Littlebox.Oci;

/// <summary>The types of devices in config.json (config-linux.md, Devices and Allowed Device list; mknod(1)).</summary>
public enum LinuxDeviceType
{
    /// <summary><c>a</c>: block and character, in rules only.</summary>
    All,

    /// <summary><c>c</c>, and <c>u</c>, which is the same on Linux.</summary>
    Character,

    /// <summary><c>b</c></summary>
    Block,

    /// <summary><c>p</c>: a fifo, in <c>linux.devices</c> only.</summary>
    Fifo,
}
