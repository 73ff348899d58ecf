namespace Littlebox.Oci;

/// <summary><c>linux.resources.blockIO</c> (config-linux.md, Block IO). Engines write 0 for "not set".</summary>
internal static class BlockIoCheck
{
    public static void Check(LinuxBlockIo block, Func<string, string, string, ConfigException> bad)
    {
        CheckWeight(block.Weight, "blockIO/weight", bad);
        CheckWeight(block.LeafWeight, "blockIO/leafWeight", bad);
        for (int i = 0; i < block.WeightDevice.Count; i++)
        {
            LinuxWeightDevice device = block.WeightDevice[i];
            CheckNumbers(device.Major, device.Minor, $"blockIO/weightDevice/{i}", bad);
            CheckWeight(device.Weight, $"blockIO/weightDevice/{i}/weight", bad);
            CheckWeight(device.LeafWeight, $"blockIO/weightDevice/{i}/leafWeight", bad);
            if (device is { Weight: null, LeafWeight: null }) throw bad($"blockIO/weightDevice/{i}", "a device without a weight", "weight or leafWeight");
        }
        CheckRates(block.ThrottleReadBpsDevice, "throttleReadBpsDevice", bad);
        CheckRates(block.ThrottleWriteBpsDevice, "throttleWriteBpsDevice", bad);
        CheckRates(block.ThrottleReadIopsDevice, "throttleReadIOPSDevice", bad);
        CheckRates(block.ThrottleWriteIopsDevice, "throttleWriteIOPSDevice", bad);
    }

    private static void CheckRates(IReadOnlyList<LinuxThrottleDevice> devices, string list, Func<string, string, string, ConfigException> bad)
    {
        for (int i = 0; i < devices.Count; i++) CheckNumbers(devices[i].Major, devices[i].Minor, $"blockIO/{list}/{i}", bad);
    }

    private static void CheckNumbers(long major, long minor, string field, Func<string, string, string, ConfigException> bad)
    {
        if (major is < 0 or > uint.MaxValue) throw bad($"{field}/major", $"{major}", "a device number");
        if (minor is < 0 or > uint.MaxValue) throw bad($"{field}/minor", $"{minor}", "a device number");
    }

    private static void CheckWeight(ushort? weight, string field, Func<string, string, string, ConfigException> bad)
    {
        if (weight is > 0 and (< 10 or > 1000)) throw bad(field, $"{weight}", "10 to 1000");
    }
}
