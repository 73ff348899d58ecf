namespace Littlebox.Oci;

/// <summary><c>linux.devices</c> (config-linux.md, Devices).</summary>
internal static class DeviceCheck
{
    // 12 and 20 bits (dev_t of the kernel).
    private const int HighestMajor = 4095, HighestMinor = 1_048_575;

    public static void Check(IReadOnlyList<LinuxDevice> devices)
    {
        for (int i = 0; i < devices.Count; i++)
        {
            LinuxDevice device = devices[i];
            int index = i;
            Wrong.UnlessAbsolute(device.Path, () => $"/linux/devices/{index}/path");
            if (device.Path.EndsWith('/') || device.Path.EndsWith("/.", StringComparison.Ordinal) || device.Path.EndsWith("/..", StringComparison.Ordinal))
                throw Wrong.At($"/linux/devices/{i}/path", Quoted.Of(device.Path), "a path that ends with a name");
            if (device.Type is not LinuxDeviceType.Fifo)
            {
                if (device.Major is < 0 or > HighestMajor) throw Wrong.At($"/linux/devices/{i}/major", $"{device.Major}", $"0 to {HighestMajor}");
                if (device.Minor is < 0 or > HighestMinor) throw Wrong.At($"/linux/devices/{i}/minor", $"{device.Minor}", $"0 to {HighestMinor}");
            }
            if (device.FileMode > 0xffff) throw Wrong.At($"/linux/devices/{i}/fileMode", $"{device.FileMode}", "permissions, 0 to 4095 (octal 7777)");
            if (device.Uid == uint.MaxValue) throw Wrong.At($"/linux/devices/{i}/uid", $"{device.Uid}, which is no user", "0 to 4294967294");
            if (device.Gid == uint.MaxValue) throw Wrong.At($"/linux/devices/{i}/gid", $"{device.Gid}, which is no group", "0 to 4294967294");
            for (int j = 0; j < i; j++)
            {
                if (devices[j].Path == device.Path && (devices[j].Type, devices[j].Major, devices[j].Minor) != (device.Type, device.Major, device.Minor))
                    throw Wrong.At($"/linux/devices/{i}/path", $"{Quoted.Of(device.Path)}, which is another device in /linux/devices/{j}", "each path once");
            }
        }
    }
}
