namespace Littlebox.Linux;

/// <summary>Device numbers as mknod(2) takes them (makedev(3)).</summary>
public static class DeviceNumber
{
    /// <summary>Puts a major and a minor number together.</summary>
    public static ulong Of(uint major, uint minor) =>
        (minor & 0xffUL) | ((major & 0xfffUL) << 8) | ((minor & ~0xffUL) << 12) | ((major & ~0xfffUL) << 32);
}
