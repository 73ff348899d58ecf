namespace Littlebox.Oci;

/// <summary><c>linux.resources.blockIO</c></summary>
internal static class BlockIoReader
{
    public static LinuxBlockIo? ReadBlockIo(ref ConfigReader r)
    {
        ushort? weight = null, leafWeight = null;
        IReadOnlyList<LinuxWeightDevice> weights = [];
        IReadOnlyList<LinuxThrottleDevice> readBps = [], writeBps = [], readIops = [], writeIops = [];
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("weight"u8, ref seen, 0)) weight = r.Unsigned16();
            else if (r.Is("leafWeight"u8, ref seen, 1)) leafWeight = r.Unsigned16();
            else if (r.Is("weightDevice"u8, ref seen, 2)) weights = r.List(ReadWeight);
            else if (r.Is("throttleReadBpsDevice"u8, ref seen, 3)) readBps = r.List(ReadThrottle);
            else if (r.Is("throttleWriteBpsDevice"u8, ref seen, 4)) writeBps = r.List(ReadThrottle);
            else if (r.Is("throttleReadIOPSDevice"u8, ref seen, 5)) readIops = r.List(ReadThrottle);
            else if (r.Is("throttleWriteIOPSDevice"u8, ref seen, 6)) writeIops = r.List(ReadThrottle);
            else r.Skip();
        }
        return new()
        {
            Weight = weight,
            LeafWeight = leafWeight,
            WeightDevice = weights,
            ThrottleReadBpsDevice = readBps,
            ThrottleWriteBpsDevice = writeBps,
            ThrottleReadIopsDevice = readIops,
            ThrottleWriteIopsDevice = writeIops,
        };
    }

    private static LinuxWeightDevice ReadWeight(ref ConfigReader r)
    {
        long? major = null, minor = null;
        ushort? weight = null, leafWeight = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("major"u8, ref seen, 0)) major = r.Integer();
            else if (r.Is("minor"u8, ref seen, 1)) minor = r.Integer();
            else if (r.Is("weight"u8, ref seen, 2)) weight = r.Unsigned16();
            else if (r.Is("leafWeight"u8, ref seen, 3)) leafWeight = r.Unsigned16();
            else r.Skip();
        }
        return new()
        {
            Major = major ?? throw r.Missing("major", "the device's major number"),
            Minor = minor ?? throw r.Missing("minor", "the device's minor number"),
            Weight = weight,
            LeafWeight = leafWeight,
        };
    }

    private static LinuxThrottleDevice ReadThrottle(ref ConfigReader r)
    {
        long? major = null, minor = null;
        ulong? rate = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("major"u8, ref seen, 0)) major = r.Integer();
            else if (r.Is("minor"u8, ref seen, 1)) minor = r.Integer();
            else if (r.Is("rate"u8, ref seen, 2)) rate = r.Unsigned();
            else r.Skip();
        }
        return new()
        {
            Major = major ?? throw r.Missing("major", "the device's major number"),
            Minor = minor ?? throw r.Missing("minor", "the device's minor number"),
            Rate = rate ?? throw r.Missing("rate", "bytes or operations in a second"),
        };
    }
}
