using Littlebox.Linux;
using Littlebox.Oci;
using static Littlebox.Runtime.CGroups.Conversions;

namespace Littlebox.Runtime.CGroups;

/// <summary>The controllers with a knob or two: processes, huge pages, network, RDMA, and whatever version 2 has (<c>unified</c>).</summary>
internal static class OtherLimits
{
    // What these do is not a limit: they move, kill or stop processes, or belong to the runtime.
    private static readonly string[] NotLimits = ["cgroup.procs", "cgroup.threads", "cgroup.kill", "cgroup.freeze", "cgroup.subtree_control", "cgroup.type"];

    /// <summary>A limit of 0 is written as 1, as in runc: the container's first process is there whatever the limit, and may make no other.</summary>
    public static void AddPids(LimitContext context, LinuxPids pids)
    {
        if (pids.Limit is { } limit) context.Add("pids", "pids.max", limit < 0 ? "max" : Text(Math.Max(limit, 1)), "pids/limit");
    }

    /// <summary>Reservations where the kernel counts them (5.7), and use.</summary>
    public static void AddHugePages(LimitContext context, IReadOnlyList<LinuxHugepageLimit> limits)
    {
        string suffix = context.IsUnified("hugetlb") ? "max" : "limit_in_bytes";
        for (int i = 0; i < limits.Count; i++)
        {
            // It becomes a part of the name of a file.
            if (limits[i].PageSize.AsSpan().ContainsAny('/', '\0', '\n') || limits[i].PageSize.Length == 0)
                throw LimitContext.Refuse($"hugepageLimits/{i}/pageSize", $"“{limits[i].PageSize}” is no size such as 2MB", ErrorKind.InvalidArgument);
            context.Add("hugetlb", $"hugetlb.{limits[i].PageSize}.{suffix}", Text(limits[i].Limit), $"hugepageLimits/{i}");
            context.Add("hugetlb", $"hugetlb.{limits[i].PageSize}.rsvd.{suffix}", Text(limits[i].Limit), $"hugepageLimits/{i}", mayBeMissing: true);
        }
    }

    public static void AddNetwork(LimitContext context, LinuxNetwork network)
    {
        if (network.ClassId is { } id and not 0)
        {
            if (!context.HasLegacy) throw LimitContext.Refuse("network/classID", "version 2 of cgroups has no network classes");
            context.Add("net_cls", "net_cls.classid", Text((ulong)id), "network/classID");
        }
        for (int i = 0; i < network.Priorities.Count; i++)
        {
            if (!context.HasLegacy) throw LimitContext.Refuse($"network/priorities/{i}", "version 2 of cgroups has no network priorities");
            context.Add("net_prio", "net_prio.ifpriomap", $"{network.Priorities[i].Name} {network.Priorities[i].Priority}", $"network/priorities/{i}");
        }
    }

    public static void AddRdma(LimitContext context, IReadOnlyList<KeyValuePair<string, LinuxRdma>> devices)
    {
        foreach ((string device, LinuxRdma limit) in devices)
        {
            string value = device + (limit.HcaHandles is { } handles ? $" hca_handle={handles}" : "") + (limit.HcaObjects is { } objects ? $" hca_object={objects}" : "");
            if (value.Length > device.Length) context.Add("rdma", "rdma.max", value, $"rdma/{Escape(device)}");
        }
    }

    public static void AddUnified(LimitContext context, IReadOnlyList<KeyValuePair<string, string>> values)
    {
        foreach ((string file, string value) in values)
        {
            string pointer = $"unified/{Escape(file)}";
            if (context.HasLegacy) throw LimitContext.Refuse(pointer, "this machine has version 1 of cgroups");
            int dot = file.IndexOf('.');
            if (dot <= 0 || file.Contains('/') || NotLimits.Contains(file))
                throw LimitContext.Refuse(pointer, "its name must be that of a limit of version 2, CONTROLLER.PARAMETER, such as memory.high", ErrorKind.InvalidArgument);
            // A line at a time, as files with a line for each device want it.
            foreach (string line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries)) context.Add(file[..dot], file, line, pointer);
        }
    }

    // RFC 6901
    private static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1");
}
