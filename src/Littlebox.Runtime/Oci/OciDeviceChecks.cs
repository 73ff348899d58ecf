using Littlebox.Linux.Text;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>What is refused of <c>linux.devices</c> before anything is made, of what <see cref="SpecChecker"/> lets pass: places that cannot be, and two devices at one place.</summary>
internal static class OciDeviceChecks
{
    /// <summary>Throws for the first device that cannot be made as it is written.</summary>
    public static void Check(Spec spec)
    {
        for (int i = 0; i < spec.Linux.Devices.Count; i++)
        {
            LinuxDevice device = spec.Linux.Devices[i];
            string pointer = $"/linux/devices/{i}";
            string place = PlaceOf(device);
            if (place is "/" or "/dev" || place.StartsWith("/proc/", StringComparison.Ordinal) || place.StartsWith("/sys/", StringComparison.Ordinal)) throw Wrong(pointer + "/path", Strace.Quote(device.Path), "a path where a device can be made, such as /dev/fuse");
            for (int k = 0; k < i; k++)
            {
                LinuxDevice other = spec.Linux.Devices[k];
                if (PlaceOf(other) == place && (other.Type != device.Type || device.Type != LinuxDeviceType.Fifo && (other.Major, other.Minor) != (device.Major, device.Minor)))
                    throw Wrong(pointer + "/path", $"{place}, which is that of device {k}", "one device at a place");
            }
        }
    }

    /// <summary>Where a device is to be, without dots and doubled slashes.</summary>
    public static string PlaceOf(LinuxDevice device)
    {
        string place = Path.GetFullPath(device.Path, "/").TrimEnd('/');
        return place.Length == 0 ? "/" : place;
    }

    private static ConfigException Wrong(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);
}
