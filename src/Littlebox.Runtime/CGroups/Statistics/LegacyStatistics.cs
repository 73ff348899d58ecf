namespace Littlebox.Runtime.CGroups;

/// <summary>Statistics of version 1 (kernel, cgroup-v1/*.rst).</summary>
internal static class LegacyStatistics
{
    // USER_HZ, in which the kernel shows these times to programs on every machine that Littlebox runs on.
    private const ulong NanosecondsOfTick = 10_000_000;

    private static readonly string[] SetFiles =
        ["cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab", "memory_pressure", "sched_load_balance", "sched_relax_domain_level"];

    // Table, file of the bfq scheduler, file of others.
    private static readonly (string Table, string Bfq, string Other)[] BlockFiles =
    [
        ("ioServiceBytesRecursive", "blkio.bfq.io_service_bytes_recursive", "blkio.throttle.io_service_bytes_recursive"),
        ("ioServicedRecursive", "blkio.bfq.io_serviced_recursive", "blkio.throttle.io_serviced_recursive"),
        ("ioQueueRecursive", "blkio.bfq.io_queued_recursive", "blkio.io_queued_recursive"),
        ("ioServiceTimeRecursive", "blkio.bfq.io_service_time_recursive", "blkio.io_service_time_recursive"),
        ("ioWaitTimeRecursive", "blkio.bfq.io_wait_time_recursive", "blkio.io_wait_time_recursive"),
        ("ioMergedRecursive", "blkio.bfq.io_merged_recursive", "blkio.io_merged_recursive"),
        ("ioTimeRecursive", "blkio.bfq.time_recursive", "blkio.time_recursive"),
        ("sectorsRecursive", "blkio.bfq.sectors_recursive", "blkio.sectors_recursive"),
    ];

    /// <summary>Adds what the controllers of one hierarchy know.</summary>
    public static void Read(CGroupMember member, CGroupStatistics statistics)
    {
        ICGroupNode node = member.Node;
        foreach (string controller in member.Controllers)
        {
            switch (controller)
            {
                case "cpu": Throttling(node, statistics.Cpu); break;
                case "cpuacct": Usage(node, statistics.Cpu); break;
                case "cpuset": Set(node, statistics); break;
                case "memory": Memory(node, statistics.Memory); break;
                case "pids": Pids(node, statistics); break;
                case "blkio": Block(node, statistics); break;
                case "hugetlb": HugePages(node, statistics); break;
            }
        }
    }

    private static void Throttling(ICGroupNode node, CpuStatistics cpu)
    {
        Dictionary<string, ulong> table = CounterFile.Table(node, "cpu.stat");
        cpu.Periods = table.GetValueOrDefault("nr_periods");
        cpu.ThrottledPeriods = table.GetValueOrDefault("nr_throttled");
        cpu.ThrottledTime = table.GetValueOrDefault("throttled_time");
    }

    private static void Usage(ICGroupNode node, CpuStatistics cpu)
    {
        cpu.Total = CounterFile.Number(node, "cpuacct.usage") ?? 0;
        Dictionary<string, ulong> table = CounterFile.Table(node, "cpuacct.stat");
        cpu.User = table.GetValueOrDefault("user") * NanosecondsOfTick;
        cpu.Kernel = table.GetValueOrDefault("system") * NanosecondsOfTick;
        cpu.PerProcessor = CounterFile.Numbers(node.TryRead("cpuacct.usage_percpu"));
        // cpu user system, a line for each processor, beneath a heading
        ulong[][] all = [.. CounterFile.Lines(node, "cpuacct.usage_all").Skip(1).Select(CounterFile.Numbers).Where(static row => row.Length == 3)];
        cpu.PerProcessorUser = [.. all.Select(static row => row[1])];
        cpu.PerProcessorKernel = [.. all.Select(static row => row[2])];
    }

    private static void Set(ICGroupNode node, CGroupStatistics statistics)
    {
        statistics.Processors = CounterFile.List(node.TryRead("cpuset.cpus"));
        statistics.MemoryNodes = CounterFile.List(node.TryRead("cpuset.mems"));
        foreach (string file in SetFiles)
        {
            if (long.TryParse(node.TryRead("cpuset." + file), System.Globalization.CultureInfo.InvariantCulture, out long value)) statistics.CpuSet[file] = value;
        }
    }

    private static void Memory(ICGroupNode node, MemoryStatistics memory)
    {
        foreach ((string name, ulong value) in CounterFile.Table(node, "memory.stat")) memory.Raw[name] = value;
        memory.Cache = memory.Raw.GetValueOrDefault("cache");
        memory.Usage = Counter("memory");
        memory.Swap = Counter("memory.memsw");
        memory.Kernel = Counter("memory.kmem");
        memory.KernelTcp = Counter("memory.kmem.tcp");
        memory.OutOfMemoryKills = CounterFile.Table(node, "memory.oom_control").GetValueOrDefault("oom_kill");

        MemoryCounter Counter(string name) => new(
            CounterFile.Number(node, name + ".limit_in_bytes") ?? 0, CounterFile.Number(node, name + ".usage_in_bytes") ?? 0,
            CounterFile.Number(node, name + ".max_usage_in_bytes") ?? 0, CounterFile.Number(node, name + ".failcnt") ?? 0);
    }

    internal static void Pids(ICGroupNode node, CGroupStatistics statistics)
    {
        statistics.PidsCurrent = CounterFile.Number(node, "pids.current") ?? (ulong)CounterFile.Lines(node, "cgroup.procs").Length;
        ulong limit = CounterFile.Number(node, "pids.max") ?? 0;
        statistics.PidsLimit = limit == ulong.MaxValue ? 0 : limit;
    }

    private static void Block(ICGroupNode node, CGroupStatistics statistics)
    {
        // The files of a scheduler count nothing while another one has the disks: then those of throttling do.
        bool usesBfq = Entries(node, BlockFiles[0].Bfq).Count > 0;
        foreach ((string table, string bfq, string other) in BlockFiles)
        {
            List<BlockStatistics> entries = Entries(node, usesBfq ? bfq : other);
            if (entries.Count > 0) statistics.Block[table] = entries;
        }
    }

    // 8:0 Read 4096, or 8:16 7 for tables without operations; the line of all devices has no numbers
    private static List<BlockStatistics> Entries(ICGroupNode node, string file)
    {
        var entries = new List<BlockStatistics>();
        foreach (string line in CounterFile.Lines(node, file))
        {
            string[] words = line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length is not (3 or 4) || CounterFile.Parse(words[0]) is not { } major || CounterFile.Parse(words[1]) is not { } minor) continue;
            if (CounterFile.Parse(words[^1]) is { } value) entries.Add(new BlockStatistics(major, minor, words.Length == 4 ? words[2] : "", value));
        }
        return entries;
    }

    private static void HugePages(ICGroupNode node, CGroupStatistics statistics)
    {
        foreach (string size in HugePageSizes.Read())
        {
            string name = node.TryRead($"hugetlb.{size}.rsvd.usage_in_bytes") is null ? $"hugetlb.{size}" : $"hugetlb.{size}.rsvd";
            if (CounterFile.Number(node, name + ".usage_in_bytes") is not { } usage) continue;
            statistics.HugePages[size] = new HugePageStatistics(usage, CounterFile.Number(node, name + ".max_usage_in_bytes") ?? 0, CounterFile.Number(node, name + ".failcnt") ?? 0);
        }
    }
}
