using System.Text.Json;

namespace Littlebox.Oci;

/// <summary>Reads <c>linux.resources</c>, which is also a document of its own: <c>update --resources FILE</c>.</summary>
public static class ResourcesReader
{
    /// <summary>Reads a whole document.</summary>
    /// <exception cref="ConfigException">It is no JSON, too large, or of the wrong types.</exception>
    public static LinuxResources Read(ReadOnlySpan<byte> document, string name = "resources.json")
    {
        ConfigReader reader = new(document, name);
        try
        {
            reader.Begin();
            LinuxResources resources = ReadResources(ref reader) ?? throw reader.Bad("an object");
            reader.End();
            return resources;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw reader.NotJson(e);
        }
    }

    internal static LinuxResources? ReadResources(ref ConfigReader r)
    {
        IReadOnlyList<LinuxDeviceCGroup> devices = [];
        LinuxMemory? memory = null;
        LinuxCpu? cpu = null;
        LinuxPids? pids = null;
        LinuxBlockIo? blockIo = null;
        IReadOnlyList<LinuxHugepageLimit> hugepages = [];
        LinuxNetwork? network = null;
        IReadOnlyList<KeyValuePair<string, LinuxRdma>> rdma = [];
        IReadOnlyList<KeyValuePair<string, string>> unified = [];
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("devices"u8, ref seen, 0)) devices = r.List(LimitReader.ReadDeviceRule);
            else if (r.Is("memory"u8, ref seen, 1)) memory = MemoryReader.ReadMemory(ref r);
            else if (r.Is("cpu"u8, ref seen, 2)) cpu = MemoryReader.ReadCpu(ref r);
            else if (r.Is("pids"u8, ref seen, 3)) pids = LimitReader.ReadPids(ref r);
            else if (r.Is("blockIO"u8, ref seen, 4)) blockIo = BlockIoReader.ReadBlockIo(ref r);
            else if (r.Is("hugepageLimits"u8, ref seen, 5)) hugepages = r.List(LimitReader.ReadHugepageLimit);
            else if (r.Is("network"u8, ref seen, 6)) network = LimitReader.ReadNetwork(ref r);
            else if (r.Is("rdma"u8, ref seen, 7)) rdma = r.Map(LimitReader.ReadRdma);
            else if (r.Is("unified"u8, ref seen, 8)) unified = r.TextMap();
            else r.Skip();
        }
        return new()
        {
            Devices = devices,
            Memory = memory,
            Cpu = cpu,
            Pids = pids,
            BlockIo = blockIo,
            HugepageLimits = hugepages,
            Network = network,
            Rdma = rdma,
            Unified = unified,
        };
    }
}
