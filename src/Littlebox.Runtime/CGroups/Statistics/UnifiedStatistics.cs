namespace Littlebox.Runtime.CGroups;

/// <summary>Statistics of version 2 (kernel, cgroup-v2.rst), brought into the shape of version 1, as runc does.</summary>
internal static class UnifiedStatistics
{
    /// <summary>Adds what the container's cgroup knows. In a hybrid layout: what version 1 has not said already.</summary>
    public static void Read(ICGroupNode node, CGroupStatistics statistics, bool isHybrid)
    {
        string[] controllers = ControllerEnabler.Words(node, "cgroup.controllers");
        if (!isHybrid)
        {
            Cpu(node, statistics.Cpu);
            statistics.Cpu.Pressure = CounterFile.Pressure(node, "cpu.pressure");
            statistics.Memory.Pressure = CounterFile.Pressure(node, "memory.pressure");
            statistics.BlockPressure = CounterFile.Pressure(node, "io.pressure");
        }
        if (!isHybrid || controllers.Contains("memory")) Memory(node, statistics.Memory);
        if (!isHybrid || controllers.Contains("pids")) LegacyStatistics.Pids(node, statistics);
        if (!isHybrid || controllers.Contains("io")) Block(node, statistics);
        HugePages(node, statistics);
    }

    private static void Cpu(ICGroupNode node, CpuStatistics cpu)
    {
        Dictionary<string, ulong> table = CounterFile.Table(node, "cpu.stat");
        cpu.Total = table.GetValueOrDefault("usage_usec") * 1000;
        cpu.User = table.GetValueOrDefault("user_usec") * 1000;
        cpu.Kernel = table.GetValueOrDefault("system_usec") * 1000;
        cpu.Periods = table.GetValueOrDefault("nr_periods");
        cpu.ThrottledPeriods = table.GetValueOrDefault("nr_throttled");
        cpu.ThrottledTime = table.GetValueOrDefault("throttled_usec") * 1000;
    }

    private static void Memory(ICGroupNode node, MemoryStatistics memory)
    {
        foreach ((string name, ulong value) in CounterFile.Table(node, "memory.stat")) memory.Raw[name] = value;
        memory.Cache = memory.Raw.GetValueOrDefault("file");
        if (CounterFile.Number(node, "memory.current") is not { } usage) return;
        ulong limit = CounterFile.Number(node, "memory.max") ?? 0, swap = CounterFile.Number(node, "memory.swap.current") ?? 0;
        ulong swapLimit = CounterFile.Number(node, "memory.swap.max") ?? 0;
        Dictionary<string, ulong> events = CounterFile.Table(node, "memory.events");
        memory.Usage = new MemoryCounter(limit, usage, CounterFile.Number(node, "memory.peak") ?? 0, events.GetValueOrDefault("max"));
        // Version 1 counts memory and swap together, version 2 apart.
        memory.Swap = new MemoryCounter(limit == ulong.MaxValue || swapLimit == ulong.MaxValue ? ulong.MaxValue : limit + swapLimit, usage + swap, 0, 0);
        memory.OutOfMemoryKills = events.GetValueOrDefault("oom_kill");
    }

    // 8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=0 dios=0
    private static void Block(ICGroupNode node, CGroupStatistics statistics)
    {
        foreach (string line in CounterFile.Lines(node, "io.stat"))
        {
            string[] words = line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 3 || CounterFile.Parse(words[0]) is not { } major || CounterFile.Parse(words[1]) is not { } minor) continue;
            foreach (string word in words.Skip(2))
            {
                if (word.Split('=') is not [var name, var text] || CounterFile.Parse(text) is not { } value) continue;
                (string Table, string Operation)? place = name switch
                {
                    "rbytes" => ("ioServiceBytesRecursive", "Read"),
                    "wbytes" => ("ioServiceBytesRecursive", "Write"),
                    "rios" => ("ioServicedRecursive", "Read"),
                    "wios" => ("ioServicedRecursive", "Write"),
                    _ => null,
                };
                if (place is not { } at) continue;
                if (!statistics.Block.TryGetValue(at.Table, out List<BlockStatistics>? table)) statistics.Block[at.Table] = table = [];
                table.Add(new BlockStatistics(major, minor, at.Operation, value));
            }
        }
    }

    private static void HugePages(ICGroupNode node, CGroupStatistics statistics)
    {
        foreach (string size in HugePageSizes.Read())
        {
            ulong? usage = CounterFile.Number(node, $"hugetlb.{size}.rsvd.current") ?? CounterFile.Number(node, $"hugetlb.{size}.current");
            if (usage is null) continue;
            statistics.HugePages[size] = new HugePageStatistics(usage.Value, 0, CounterFile.Table(node, $"hugetlb.{size}.events").GetValueOrDefault("max"));
        }
    }
}
