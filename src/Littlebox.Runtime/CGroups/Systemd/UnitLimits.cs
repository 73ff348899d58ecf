using System.Globalization;
using Littlebox.Oci;
using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// <c>linux.resources</c> as properties of a unit (systemd.resource-control(5)), those that runc sets (its docs/systemd.md), so that systemd does not put back what it
/// knows nothing of. All limits are written into the cgroup's files besides, where those without a property are enforced.
/// </summary>
public sealed class UnitLimits
{
    private const ulong Infinity = ulong.MaxValue;
    // systemd keeps the share of a processor in whole percents: 10 ms of a second.
    private const ulong Percent = 10_000, Second = 1_000_000, DefaultPeriod = 100_000;
    private const int FirstWithIdle = 252;

    private readonly List<UnitProperty> properties = [];
    private readonly LimitContext context;
    private readonly Func<int> version;

    private UnitLimits(LimitContext context, Func<int> version, LinuxResources resources)
    {
        this.context = context;
        this.version = version;
        Resources = resources;
        if (resources.Memory is { } memory) AddMemory(memory);
        if (resources.Cpu is { } cpu) AddCpu(cpu);
        if (resources.Pids?.Limit is { } pids) Add("TasksMax", pids < 0 ? Infinity : (ulong)Math.Max(pids, 1), "pids/limit");
        if (!context.IsUnified("io") && resources.BlockIo?.Weight is { } weight and not 0) Add("BlockIOWeight", weight, "blockIO/weight");
        if (!context.HasLegacy) foreach ((string file, string value) in resources.Unified) AddUnified(file, value.Trim());
    }

    /// <summary>The properties.</summary>
    public IReadOnlyList<UnitProperty> Properties => properties;

    /// <summary>The limits for the files: the same, the quota of the processor rounded up as systemd does it, so that both say the same.</summary>
    public LinuxResources Resources { get; private set; }

    /// <summary>What limits come to.</summary>
    /// <param name="resources">The limits. That they make sense has been checked (<see cref="ResourceLimits.Compile"/>).</param>
    /// <param name="context">The cgroups that they are for; an update reads there what it does not change.</param>
    /// <param name="version">The version of systemd; asked only where it matters.</param>
    public static UnitLimits Of(LinuxResources resources, LimitContext context, Func<int> version) => new(context, version, resources);

    private void AddMemory(LinuxMemory memory)
    {
        if (!context.IsUnified("memory"))
        {
            if (memory.Limit is { } legacy and not 0) Add("MemoryLimit", OrInfinity(legacy), "memory/limit");
            return;
        }
        if (memory.Limit is { } limit and not 0) Add("MemoryMax", OrInfinity(limit), "memory/limit");
        if (memory.Reservation is { } reservation and not 0) Add("MemoryLow", OrInfinity(reservation), "memory/reservation");
        if (Conversions.SwapMax(memory.Swap, memory.Limit) is { } swap) AddNumber("MemorySwapMax", swap, "memory/swap");
    }

    private void AddCpu(LinuxCpu cpu)
    {
        bool isUnified = context.IsUnified("cpu"), isIdle = isUnified && cpu.Idle == 1 && version() >= FirstWithIdle;
        if (isIdle) Add("CPUWeight", 0, "cpu/idle");
        else if (cpu.Shares is { } shares and not 0)
        {
            if (isUnified) Add("CPUWeight", Conversions.CpuWeight(shares), "cpu/shares");
            else Add("CPUShares", shares, "cpu/shares");
        }
        if (cpu is not { Quota: null or 0, Period: null or 0 }) AddQuota(cpu, isUnified);
        if (!string.IsNullOrEmpty(cpu.Cpus)) AddSet("AllowedCPUs", cpu.Cpus, "cpu/cpus");
        if (!string.IsNullOrEmpty(cpu.Mems)) AddSet("AllowedMemoryNodes", cpu.Mems, "cpu/mems");
    }

    private void AddQuota(LinuxCpu cpu, bool isUnified)
    {
        (long quotaNow, ulong periodNow) = isUnified ? UnifiedNow() : (Now("cpu.cfs_quota_us") ?? -1, (ulong)Math.Max(Now("cpu.cfs_period_us") ?? 0, 0));
        long quota = cpu.Quota is { } given and not 0 ? given : quotaNow;
        ulong period = cpu.Period is { } own and not 0 ? own : periodNow == 0 ? DefaultPeriod : periodNow;
        ulong rounded = AddQuota(quota, period, setsPeriod: cpu.Period is not (null or 0), cpu.Quota is null or 0 ? "cpu/period" : "cpu/quota");
        if (quota > 0 && rounded != (ulong)quota) Resources = Resources with { Cpu = cpu with { Quota = (long)rounded } };
    }

    // The quota as it is for the kernel then.
    private ulong AddQuota(long quota, ulong period, bool setsPeriod, string pointer)
    {
        if (setsPeriod) Add("CPUQuotaPeriodUSec", period, pointer);
        if (quota <= 0)
        {
            Add("CPUQuotaPerSecUSec", Infinity, pointer);
            return Infinity;
        }
        UInt128 share = (UInt128)quota * Second / period;
        if (share % Percent == 0 || share > long.MaxValue)
        {
            Add("CPUQuotaPerSecUSec", share > long.MaxValue ? Infinity : (ulong)share, pointer);
            return (ulong)quota;
        }
        share = (share / Percent + 1) * Percent;
        Add("CPUQuotaPerSecUSec", (ulong)share, pointer);
        return (ulong)(share * period / Second);
    }

    private (long Quota, ulong Period) UnifiedNow()
    {
        string[] now = (context.Read("cpu", "cpu.max") ?? "").Trim().Split(' ');
        return (long.TryParse(now[0], CultureInfo.InvariantCulture, out long quota) ? quota : -1, now.Length > 1 && ulong.TryParse(now[1], CultureInfo.InvariantCulture, out ulong period) ? period : 0);
    }

    private long? Now(string file) => long.TryParse(context.Read("cpu", file)?.Trim(), CultureInfo.InvariantCulture, out long now) ? now : null;

    private void AddUnified(string file, string value)
    {
        string pointer = JsonPointer.Join("unified", file);
        switch (file)
        {
            case "cpu.idle":
                if (value == "1" && version() >= FirstWithIdle) Add("CPUWeight", 0, pointer);
                break;
            case "cpu.weight":
                AddNumber("CPUWeight", value, pointer);
                break;
            case "cpu.max":
                string[] words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length is 0 or > 2) break;
                ulong period = DefaultPeriod;
                if (words.Length == 2 && (!ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out period) || period == 0)) break;
                if (words[0] == "max") AddQuota(-1, period, setsPeriod: true, pointer);
                else if (long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long quota)) AddQuota(quota, period, setsPeriod: true, pointer);
                break;
            case "cpuset.cpus":
                AddSet("AllowedCPUs", value, pointer);
                break;
            case "cpuset.mems":
                AddSet("AllowedMemoryNodes", value, pointer);
                break;
            case "memory.high":
                AddNumber("MemoryHigh", value, pointer);
                break;
            case "memory.low":
                AddNumber("MemoryLow", value, pointer);
                break;
            case "memory.min":
                AddNumber("MemoryMin", value, pointer);
                break;
            case "memory.max":
                AddNumber("MemoryMax", value, pointer);
                break;
            case "memory.swap.max":
                AddNumber("MemorySwapMax", value, pointer);
                break;
            case "pids.max":
                AddNumber("TasksMax", value == "0" ? "1" : value, pointer);
                break;
        }
    }

    // What is no number of bytes or tasks (1G, 10%) the kernel may understand, or refuse.
    private void AddNumber(string name, string value, string pointer)
    {
        if (value == "max") Add(name, Infinity, pointer);
        else if (ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)) Add(name, number, pointer);
    }

    private void AddSet(string name, string list, string pointer)
    {
        if (SetBits.Of(list) is { } bits) properties.Add(new UnitProperty(name, BusValue.Of(bits), "/linux/resources/" + pointer));
    }

    private void Add(string name, ulong value, string pointer) => properties.Add(new UnitProperty(name, BusValue.Of(value), "/linux/resources/" + pointer));

    private static ulong OrInfinity(long value) => value < 0 ? Infinity : (ulong)value;
}
