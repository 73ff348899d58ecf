using Littlebox.Linux;
using Littlebox.Oci;
using static Littlebox.Runtime.CGroups.Conversions;

namespace Littlebox.Runtime.CGroups;

/// <summary><c>linux.resources.blockIO</c>. A weight of 0 is "not set"; a rate of 0 is no limit.</summary>
internal static class BlockLimits
{
    public static void Add(LimitContext context, LinuxBlockIo block)
    {
        CheckWeight(block.Weight, "blockIO/weight");
        for (int i = 0; i < block.WeightDevice.Count; i++) CheckWeight(block.WeightDevice[i].Weight, $"blockIO/weightDevice/{i}/weight");
        if (context.IsUnified("io")) AddUnified(context, block);
        else AddLegacy(context, block);
    }

    private static void AddLegacy(LimitContext context, LinuxBlockIo block)
    {
        if (block.Weight is { } weight and not 0) AddEither(context, "blkio", "blkio.bfq.weight", Text(weight), "blkio.weight", Text(weight), "blockIO/weight");
        if (block.LeafWeight is { } leaf and not 0) context.Add("blkio", "blkio.leaf_weight", Text(leaf), "blockIO/leafWeight");
        for (int i = 0; i < block.WeightDevice.Count; i++)
        {
            LinuxWeightDevice device = block.WeightDevice[i];
            string pointer = $"blockIO/weightDevice/{i}";
            if (device.Weight is { } own and not 0)
            {
                string value = $"{Device(device.Major, device.Minor)} {own}";
                AddEither(context, "blkio", "blkio.bfq.weight_device", value, "blkio.weight_device", value, pointer + "/weight");
            }
            if (device.LeafWeight is { } ownLeaf and not 0) context.Add("blkio", "blkio.leaf_weight_device", $"{Device(device.Major, device.Minor)} {ownLeaf}", pointer + "/leafWeight");
        }
        Throttle(block, (field, index, device, legacy, _) => context.Add("blkio", legacy, $"{Device(device.Major, device.Minor)} {device.Rate}", $"blockIO/{field}/{index}"));
    }

    private static void AddUnified(LimitContext context, LinuxBlockIo block)
    {
        if (block.LeafWeight is not (null or 0)) throw LimitContext.Refuse("blockIO/leafWeight", "version 2 of cgroups has no leaf weights");
        if (block.Weight is { } weight and not 0) AddEither(context, "io", "io.bfq.weight", Text(weight), "io.weight", Text(IoWeight(weight)), "blockIO/weight");
        for (int i = 0; i < block.WeightDevice.Count; i++)
        {
            LinuxWeightDevice device = block.WeightDevice[i];
            if (device.LeafWeight is not (null or 0)) throw LimitContext.Refuse($"blockIO/weightDevice/{i}/leafWeight", "version 2 of cgroups has no leaf weights");
            if (device.Weight is not { } own || own == 0) continue;
            string name = Device(device.Major, device.Minor);
            AddEither(context, "io", "io.bfq.weight", $"{name} {own}", "io.weight", $"{name} {IoWeight(own)}", $"blockIO/weightDevice/{i}/weight");
        }
        Throttle(block, (field, index, device, _, unified) =>
            context.Add("io", "io.max", $"{Device(device.Major, device.Minor)} {unified}={(device.Rate == 0 ? "max" : Text(device.Rate))}", $"blockIO/{field}/{index}"));
    }

    private static void Throttle(LinuxBlockIo block, Action<string, int, LinuxThrottleDevice, string, string> add)
    {
        All("throttleReadBpsDevice", block.ThrottleReadBpsDevice, "blkio.throttle.read_bps_device", "rbps");
        All("throttleWriteBpsDevice", block.ThrottleWriteBpsDevice, "blkio.throttle.write_bps_device", "wbps");
        All("throttleReadIOPSDevice", block.ThrottleReadIopsDevice, "blkio.throttle.read_iops_device", "riops");
        All("throttleWriteIOPSDevice", block.ThrottleWriteIopsDevice, "blkio.throttle.write_iops_device", "wiops");

        void All(string field, IReadOnlyList<LinuxThrottleDevice> devices, string legacy, string unified)
        {
            for (int i = 0; i < devices.Count; i++) add(field, i, devices[i], legacy, unified);
        }
    }

    // The scheduler bfq has weights of its own, which are the ones that count where it is there.
    private static void AddEither(LimitContext context, string controller, string first, string firstValue, string second, string secondValue, string pointer) =>
        context.Add(controller, first, firstValue, pointer, otherwise: new LimitWrite(controller, second, secondValue, "/linux/resources/" + pointer));

    private static void CheckWeight(ushort? weight, string pointer)
    {
        if (weight is not (null or 0 or >= 10 and <= 1000)) throw LimitContext.Refuse(pointer, $"it is {weight}, and may be 10 to 1000", ErrorKind.InvalidArgument);
    }

    private static string Device(long major, long minor) => $"{Text(major)}:{Text(minor)}";
}
