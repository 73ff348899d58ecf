namespace Littlebox.Oci;

/// <summary><c>linux.resources.cpu</c> (config-linux.md, CPU). Engines write 0 for "not set"; the bounds of quota and period are the kernel's, microseconds.</summary>
internal static class CpuCheck
{
    public static void Check(LinuxCpu cpu, Func<string, string, string, ConfigException> bad)
    {
        if (cpu.Shares is > 0 and (< 2 or > 262_144)) throw bad("cpu/shares", $"{cpu.Shares}", "2 to 262144");
        if (cpu.Period is > 0 and (< 1000 or > 1_000_000)) throw bad("cpu/period", $"{cpu.Period}", "1000 to 1000000");
        if (cpu.Quota is > 0 and < 1000) throw bad("cpu/quota", $"{cpu.Quota}", "at least 1000, or -1 for no limit");
        if (cpu is { Quota: > 0 and var quota, Burst: { } burst } && burst > (ulong)quota) throw bad("cpu/burst", $"{burst}", $"at most the quota, {quota}");
        if (cpu is { RealtimePeriod: > 0 and var period, RealtimeRuntime: > 0 and var runtime } && (ulong)runtime > period)
            throw bad("cpu/realtimeRuntime", $"{runtime}", $"at most the period, {period}");
        if (cpu.Idle is not (null or 0 or 1)) throw bad("cpu/idle", $"{cpu.Idle}", "0 or 1");
        if (cpu.Cpus is { Length: > 0 } cpus && !Wrong.IsNumberList(cpus)) throw bad("cpu/cpus", Quoted.Of(cpus), "a list of processors, such as 0-3,7");
        if (cpu.Mems is { Length: > 0 } nodes && !Wrong.IsNumberList(nodes)) throw bad("cpu/mems", Quoted.Of(nodes), "a list of memory nodes, such as 0-1");
    }
}
