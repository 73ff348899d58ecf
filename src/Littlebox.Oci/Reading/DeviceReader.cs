namespace Littlebox.Oci;

/// <summary><c>linux.devices</c> and <c>linux.netDevices</c>.</summary>
internal static class DeviceReader
{
    public static LinuxDevice ReadDevice(ref ConfigReader r)
    {
        string? path = null;
        LinuxDeviceType? type = null;
        long? major = null, minor = null;
        uint? mode = null, uid = null, gid = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("path"u8, ref seen, 0)) path = r.Text();
            else if (r.Is("type"u8, ref seen, 1)) type = ReadType(ref r);
            else if (r.Is("major"u8, ref seen, 2)) major = r.Integer();
            else if (r.Is("minor"u8, ref seen, 3)) minor = r.Integer();
            else if (r.Is("fileMode"u8, ref seen, 4)) mode = r.Unsigned32();
            else if (r.Is("uid"u8, ref seen, 5)) uid = r.Unsigned32();
            else if (r.Is("gid"u8, ref seen, 6)) gid = r.Unsigned32();
            else r.Skip();
        }
        if (type is not (null or LinuxDeviceType.Fifo))
        {
            if (major is null) throw r.Missing("major", "the device's major number");
            if (minor is null) throw r.Missing("minor", "the device's minor number");
        }
        return new()
        {
            Path = path ?? throw r.Missing("path", "an absolute path in the container"),
            Type = type ?? throw r.Missing("type", Words.OneOf(Words.DeviceTypes)),
            Major = major ?? 0,
            Minor = minor ?? 0,
            FileMode = mode,
            Uid = uid,
            Gid = gid,
        };
    }

    public static IReadOnlyList<LinuxNetDevice> ReadNetDevices(ref ConfigReader r)
    {
        if (!r.OpenObject()) return [];
        List<LinuxNetDevice> devices = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (r.NextField())
        {
            string host = r.Key(seen);
            devices.Add(new(host, ReadName(ref r)));
        }
        return devices;
    }

    // "u" is an unbuffered character device, of which Linux knows none: mknod(1) makes a character device.
    private static LinuxDeviceType? ReadType(ref ConfigReader r) => r.Choice(Words.DeviceTypes) switch
    {
        null => null,
        4 => LinuxDeviceType.Character,
        int index => (LinuxDeviceType)index,
    };

    private static string? ReadName(ref ConfigReader r)
    {
        string? name = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("name"u8, ref seen, 0)) name = r.TextOrNone();
            else r.Skip();
        }
        return name;
    }
}
