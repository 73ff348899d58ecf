namespace Littlebox.Oci;

/// <summary><c>linux.resources.memory</c> and <c>linux.resources.cpu</c>.</summary>
internal static class MemoryReader
{
    public static LinuxMemory? ReadMemory(ref ConfigReader r)
    {
        long? limit = null, reservation = null, swap = null, kernel = null, kernelTcp = null;
        ulong? swappiness = null;
        bool? disableOomKiller = null, useHierarchy = null, checkBeforeUpdate = null;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("limit"u8, ref seen, 0)) limit = r.Integer();
            else if (r.Is("reservation"u8, ref seen, 1)) reservation = r.Integer();
            else if (r.Is("swap"u8, ref seen, 2)) swap = r.Integer();
            else if (r.Is("kernel"u8, ref seen, 3)) kernel = r.Integer();
            else if (r.Is("kernelTCP"u8, ref seen, 4)) kernelTcp = r.Integer();
            else if (r.Is("swappiness"u8, ref seen, 5)) swappiness = r.Unsigned();
            else if (r.Is("disableOOMKiller"u8, ref seen, 6)) disableOomKiller = r.Boolean();
            else if (r.Is("useHierarchy"u8, ref seen, 7)) useHierarchy = r.Boolean();
            else if (r.Is("checkBeforeUpdate"u8, ref seen, 8)) checkBeforeUpdate = r.Boolean();
            else r.Skip();
        }
        return new()
        {
            Limit = limit,
            Reservation = reservation,
            Swap = swap,
            Kernel = kernel,
            KernelTcp = kernelTcp,
            Swappiness = swappiness,
            DisableOomKiller = disableOomKiller,
            UseHierarchy = useHierarchy,
            CheckBeforeUpdate = checkBeforeUpdate,
        };
    }

    public static LinuxCpu? ReadCpu(ref ConfigReader r)
    {
        ulong? shares = null, burst = null, period = null, realtimePeriod = null;
        long? quota = null, realtimeRuntime = null, idle = null;
        string? cpus = null, mems = null;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("shares"u8, ref seen, 0)) shares = r.Unsigned();
            else if (r.Is("quota"u8, ref seen, 1)) quota = r.Integer();
            else if (r.Is("burst"u8, ref seen, 2)) burst = r.Unsigned();
            else if (r.Is("period"u8, ref seen, 3)) period = r.Unsigned();
            else if (r.Is("realtimeRuntime"u8, ref seen, 4)) realtimeRuntime = r.Integer();
            else if (r.Is("realtimePeriod"u8, ref seen, 5)) realtimePeriod = r.Unsigned();
            else if (r.Is("cpus"u8, ref seen, 6)) cpus = r.TextOrNone();
            else if (r.Is("mems"u8, ref seen, 7)) mems = r.TextOrNone();
            else if (r.Is("idle"u8, ref seen, 8)) idle = r.Integer();
            else r.Skip();
        }
        return new()
        {
            Shares = shares,
            Quota = quota,
            Burst = burst,
            Period = period,
            RealtimeRuntime = realtimeRuntime,
            RealtimePeriod = realtimePeriod,
            Cpus = cpus,
            Mems = mems,
            Idle = idle,
        };
    }
}
