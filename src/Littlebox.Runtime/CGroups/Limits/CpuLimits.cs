using Littlebox.Linux;
using Littlebox.Oci;
using static Littlebox.Runtime.CGroups.Conversions;

namespace Littlebox.Runtime.CGroups;

/// <summary><c>linux.resources.cpu</c>: processor time, and which processors and memory nodes. As in runc, 0 for shares, quota and period is "not set".</summary>
internal static class CpuLimits
{
    private const string DefaultPeriod = "100000";

    public static void Add(LimitContext context, LinuxCpu cpu)
    {
        if (cpu is { Quota: > 0 and var quota, Burst: { } burst } && burst > (ulong)quota)
            throw LimitContext.Refuse("cpu/burst", $"it is {burst}, more than the {quota} of /linux/resources/cpu/quota", ErrorKind.InvalidArgument);
        if (context.IsUnified("cpu")) AddUnified(context, cpu);
        else AddLegacy(context, cpu);
        if (!string.IsNullOrEmpty(cpu.Cpus)) context.Add("cpuset", "cpuset.cpus", cpu.Cpus, "cpu/cpus");
        if (!string.IsNullOrEmpty(cpu.Mems)) context.Add("cpuset", "cpuset.mems", cpu.Mems, "cpu/mems");
    }

    private static void AddLegacy(LimitContext context, LinuxCpu cpu)
    {
        if (cpu.Shares is { } shares and not 0)
        {
            // The kernel would take another number in silence.
            if (shares is < 2 or > 262144) throw LimitContext.Refuse("cpu/shares", $"it is {shares}, and may be 2 to 262144", ErrorKind.InvalidArgument);
            context.Add("cpu", "cpu.shares", Text(shares), "cpu/shares");
        }
        // Each is checked against the others as they are at that moment, and against the cgroup above.
        if (cpu.Period is { } period and not 0) context.Add("cpu", "cpu.cfs_period_us", Text(period), "cpu/period", mayComeLater: true);
        if (cpu.Burst is { } burst) context.Add("cpu", "cpu.cfs_burst_us", Text(burst), "cpu/burst", mayComeLater: true, mayBeMissing: burst == 0);
        if (cpu.Quota is { } quota and not 0) context.Add("cpu", "cpu.cfs_quota_us", quota < 0 ? "-1" : Text(quota), "cpu/quota", mayComeLater: true);
        if (cpu.RealtimePeriod is { } realtimePeriod and not 0) context.Add("cpu", "cpu.rt_period_us", Text(realtimePeriod), "cpu/realtimePeriod", mayComeLater: true);
        if (cpu.RealtimeRuntime is { } runtime and not 0) context.Add("cpu", "cpu.rt_runtime_us", Text(runtime), "cpu/realtimeRuntime", mayComeLater: true);
        if (cpu.Idle is { } idle) context.Add("cpu", "cpu.idle", Text(idle), "cpu/idle", mayBeMissing: idle == 0);
    }

    private static void AddUnified(LimitContext context, LinuxCpu cpu)
    {
        if (cpu.RealtimePeriod is not (null or 0)) throw LimitContext.Refuse("cpu/realtimePeriod", "version 2 of cgroups has no realtime limits");
        if (cpu.RealtimeRuntime is not (null or 0)) throw LimitContext.Refuse("cpu/realtimeRuntime", "version 2 of cgroups has no realtime limits");
        if (cpu.Idle is { } idle) context.Add("cpu", "cpu.idle", Text(idle), "cpu/idle", mayBeMissing: idle == 0);
        if (cpu.Shares is { } shares and not 0) context.Add("cpu", "cpu.weight", Text(CpuWeight(shares)), "cpu/shares");
        if (cpu.Burst is { } burst) context.Add("cpu", "cpu.max.burst", Text(burst), "cpu/burst", mayComeLater: true, mayBeMissing: burst == 0);
        if (cpu is { Quota: null or 0, Period: null or 0 }) return;
        // "max 100000": of the two that one file holds, an update may name one.
        string[] now = (context.Read("cpu", "cpu.max") ?? $"max {DefaultPeriod}").Trim().Split(' ');
        string quota = cpu.Quota switch { null or 0 => now[0], < 0 => "max", { } value => Text(value) };
        string period = cpu.Period is { } given and not 0 ? Text(given) : now.Length > 1 ? now[1] : DefaultPeriod;
        context.Add("cpu", "cpu.max", $"{quota} {period}", cpu.Quota is null or 0 ? "cpu/period" : "cpu/quota", mayComeLater: true);
    }
}
