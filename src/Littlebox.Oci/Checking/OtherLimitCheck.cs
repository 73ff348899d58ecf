namespace Littlebox.Oci;

/// <summary>The smaller parts of <c>linux.resources</c>: huge pages, network, rdma, unified.</summary>
internal static class OtherLimitCheck
{
    public static void Check(LinuxResources resources, Func<string, string, string, ConfigException> bad)
    {
        HashSet<string> sizes = new(StringComparer.Ordinal);
        for (int i = 0; i < resources.HugepageLimits.Count; i++)
        {
            string size = resources.HugepageLimits[i].PageSize;
            if (!IsPageSize(size)) throw bad($"hugepageLimits/{i}/pageSize", Quoted.Of(size), "a size as the kernel names it: 64KB, 2MB, 1GB");
            if (!sizes.Add(size)) throw bad($"hugepageLimits/{i}/pageSize", $"{Quoted.Of(size)} a second time", "each size once");
        }
        for (int i = 0; i < (resources.Network?.Priorities.Count ?? 0); i++)
        {
            string name = resources.Network!.Priorities[i].Name;
            if (name.Length is 0 or > 15 || name.AsSpan().IndexOfAny(" \t\n/:") >= 0) throw bad($"network/priorities/{i}/name", Quoted.Of(name), "the name of a network device");
        }
        foreach ((string device, LinuxRdma limit) in resources.Rdma)
        {
            if (device.Length == 0 || device.AsSpan().IndexOfAny(" \t\n") >= 0) throw bad("rdma", $"the name {Quoted.Of(device)}", "the name of an rdma device");
            if (limit is { HcaHandles: null, HcaObjects: null }) throw bad(JsonPointer.Join("rdma", device), "a device without a limit", "hcaHandles or hcaObjects");
        }
        foreach ((string file, string value) in resources.Unified)
        {
            string field = JsonPointer.Join("unified", file);
            if (file.IndexOf('.') is < 1 || file[^1] == '.' || file.AsSpan().IndexOfAny('/', '\n') >= 0)
                throw bad(field, $"the name {Quoted.Of(file)}", "a file of control groups, CONTROLLER.PARAMETER, such as memory.high");
            if (value.Length == 0) throw bad(field, "an empty string", "what to write to the file");
        }
    }

    private static bool IsPageSize(string size) =>
        size is [.. var number, 'K' or 'M' or 'G', 'B'] && number.Length is > 0 and < 10 && number[0] != '0' && number.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
