using System.Text.Json;

namespace Littlebox.Runtime.CGroups;

/// <summary>Writes statistics as <c>runc events --stats</c> has them beneath <c>data</c>: the same names, and the same fields left out when they are 0.</summary>
public static class StatisticsJson
{
    private static readonly string[] SetFields =
        ["cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab", "memory_pressure", "sched_load_balance", "sched_relax_domain_level"];

    /// <summary>Writes one object.</summary>
    public static void Write(Utf8JsonWriter json, CGroupStatistics statistics)
    {
        json.WriteStartObject();
        json.WriteStartObject("cpu");
        Cpu(json, statistics.Cpu);
        json.WriteEndObject();
        json.WriteStartObject("cpuset");
        CpuSet(json, statistics);
        json.WriteEndObject();
        json.WriteStartObject("memory");
        Memory(json, statistics.Memory);
        json.WriteEndObject();
        json.WriteStartObject("pids");
        Optional(json, "current", statistics.PidsCurrent);
        Optional(json, "limit", statistics.PidsLimit);
        json.WriteEndObject();
        json.WriteStartObject("blkio");
        Block(json, statistics);
        json.WriteEndObject();
        json.WriteStartObject("hugetlb");
        foreach ((string size, HugePageStatistics pages) in statistics.HugePages)
        {
            json.WriteStartObject(size);
            Optional(json, "usage", pages.Usage);
            Optional(json, "max", pages.Max);
            json.WriteNumber("failcnt", pages.Failures);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("intel_rdt");
        json.WriteEndObject();
        json.WriteNull("network_interfaces");
        json.WriteEndObject();
    }

    private static void Cpu(Utf8JsonWriter json, CpuStatistics cpu)
    {
        json.WriteStartObject("usage");
        Optional(json, "total", cpu.Total);
        Numbers(json, "percpu", cpu.PerProcessor);
        Numbers(json, "percpu_kernel", cpu.PerProcessorKernel);
        Numbers(json, "percpu_user", cpu.PerProcessorUser);
        json.WriteNumber("kernel", cpu.Kernel);
        json.WriteNumber("user", cpu.User);
        json.WriteEndObject();
        json.WriteStartObject("throttling");
        Optional(json, "periods", cpu.Periods);
        Optional(json, "throttledPeriods", cpu.ThrottledPeriods);
        Optional(json, "throttledTime", cpu.ThrottledTime);
        json.WriteEndObject();
        Pressure(json, cpu.Pressure);
    }

    private static void CpuSet(Utf8JsonWriter json, CGroupStatistics statistics)
    {
        Numbers(json, "cpus", [.. statistics.Processors.Select(static number => (ulong)number)]);
        Numbers(json, "mems", [.. statistics.MemoryNodes.Select(static number => (ulong)number)]);
        foreach (string field in SetFields) json.WriteNumber(field, statistics.CpuSet.GetValueOrDefault(field));
    }

    private static void Memory(Utf8JsonWriter json, MemoryStatistics memory)
    {
        Optional(json, "cache", memory.Cache);
        Counter("usage", memory.Usage);
        Counter("swap", memory.Swap);
        Counter("kernel", memory.Kernel);
        Counter("kernelTCP", memory.KernelTcp);
        if (memory.Raw.Count > 0)
        {
            json.WriteStartObject("raw");
            foreach ((string name, ulong value) in memory.Raw) json.WriteNumber(name, value);
            json.WriteEndObject();
        }
        Pressure(json, memory.Pressure);

        void Counter(string name, MemoryCounter counter)
        {
            json.WriteStartObject(name);
            json.WriteNumber("limit", counter.Limit);
            Optional(json, "usage", counter.Usage);
            Optional(json, "max", counter.Max);
            json.WriteNumber("failcnt", counter.Failures);
            json.WriteEndObject();
        }
    }

    private static void Block(Utf8JsonWriter json, CGroupStatistics statistics)
    {
        foreach ((string table, List<BlockStatistics> entries) in statistics.Block)
        {
            json.WriteStartArray(table);
            foreach (BlockStatistics entry in entries)
            {
                json.WriteStartObject();
                Optional(json, "major", entry.Major);
                Optional(json, "minor", entry.Minor);
                if (entry.Operation.Length > 0) json.WriteString("op", entry.Operation);
                Optional(json, "value", entry.Value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        Pressure(json, statistics.BlockPressure);
    }

    private static void Pressure(Utf8JsonWriter json, PressureStatistics? pressure)
    {
        if (pressure is null) return;
        json.WriteStartObject("psi");
        Line("some", pressure.Some);
        Line("full", pressure.Full);
        json.WriteEndObject();

        void Line(string name, PressureLine line)
        {
            json.WriteStartObject(name);
            json.WriteNumber("avg10", line.Average10);
            json.WriteNumber("avg60", line.Average60);
            json.WriteNumber("avg300", line.Average300);
            json.WriteNumber("total", line.Total);
            json.WriteEndObject();
        }
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<ulong> numbers)
    {
        if (numbers.Count == 0) return;
        json.WriteStartArray(name);
        foreach (ulong number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0) json.WriteNumber(name, value);
    }
}
