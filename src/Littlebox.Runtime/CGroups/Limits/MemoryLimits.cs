using Littlebox.Linux;
using Littlebox.Oci;
using static Littlebox.Runtime.CGroups.Conversions;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// <c>linux.resources.memory</c>. As in runc, 0 is "not set" and -1 is no limit; <c>kernel</c> is ignored (the kernel has let go of it with 5.16, and the
/// specification advises against it), and so is <c>useHierarchy</c>, which is always on since 5.11.
/// </summary>
internal static class MemoryLimits
{
    public static void Add(LimitContext context, LinuxMemory memory)
    {
        if (memory.Limit < -1) throw LimitContext.Refuse("memory/limit", $"it is {memory.Limit}: bytes, or -1 for no limit", ErrorKind.InvalidArgument);
        if (memory.Swap < -1) throw LimitContext.Refuse("memory/swap", $"it is {memory.Swap}: bytes, or -1 for no limit", ErrorKind.InvalidArgument);
        if (memory.Reservation < -1) throw LimitContext.Refuse("memory/reservation", $"it is {memory.Reservation}: bytes, or -1 for no limit", ErrorKind.InvalidArgument);
        if (context.IsUnified("memory")) AddUnified(context, memory);
        else AddLegacy(context, memory);
    }

    // Memory must not be more than memory and swap together, at any moment. So the first is refused where the second has to grow before it.
    private static void AddLegacy(LimitContext context, LinuxMemory memory)
    {
        if (memory.Limit is { } limit and not 0) context.Add("memory", "memory.limit_in_bytes", Text(limit), "memory/limit", mayComeLater: true);
        if (memory.Swap is { } swap and not 0) context.Add("memory", "memory.memsw.limit_in_bytes", Text(swap), "memory/swap", mayComeLater: true, mayBeMissing: swap < 0);
        else if (memory.Limit == -1) context.Add("memory", "memory.memsw.limit_in_bytes", "-1", "memory/limit", mayBeMissing: true);
        if (memory.Reservation is { } reservation and not 0) context.Add("memory", "memory.soft_limit_in_bytes", Text(reservation), "memory/reservation");
        if (memory.KernelTcp is { } tcp and not 0) context.Add("memory", "memory.kmem.tcp.limit_in_bytes", Text(tcp), "memory/kernelTCP", mayBeMissing: tcp < 0);
        if (memory.DisableOomKiller == true) context.Add("memory", "memory.oom_control", "1", "memory/disableOOMKiller");
        if (Swappiness(memory) is { } swappiness) context.Add("memory", "memory.swappiness", Text(swappiness), "memory/swappiness");
    }

    private static void AddUnified(LimitContext context, LinuxMemory memory)
    {
        if (memory.KernelTcp > 0) throw LimitContext.Refuse("memory/kernelTCP", "version 2 of cgroups counts buffers of TCP as memory, and has no limit for them alone");
        if (memory.DisableOomKiller == true) throw LimitContext.Refuse("memory/disableOOMKiller", "version 2 of cgroups cannot switch the OOM killer off");
        if (Swappiness(memory) is not null) throw LimitContext.Refuse("memory/swappiness", "version 2 of cgroups has no swappiness for each cgroup");
        if (memory.CheckBeforeUpdate == true) CheckUsage(context, memory);
        if (SwapMax(memory.Swap, memory.Limit) is { } swap)
            context.Add("memory", "memory.swap.max", swap, memory.Swap is null or 0 ? "memory/limit" : "memory/swap", mayBeMissing: swap is "max" or "0");
        if (memory.Limit is { } limit and not 0) context.Add("memory", "memory.max", OrMax(limit), "memory/limit");
        if (memory.Reservation is { } reservation and not 0) context.Add("memory", "memory.low", OrMax(reservation), "memory/reservation");
    }

    // Version 1 refuses a limit below what is in use; version 2 kills for it.
    private static void CheckUsage(LimitContext context, LinuxMemory memory)
    {
        if (!ulong.TryParse(context.Read("memory", "memory.current"), System.Globalization.CultureInfo.InvariantCulture, out ulong usage)) return;
        if (memory.Swap > 0 && (ulong)memory.Swap <= usage) throw Below("memory/swap", memory.Swap.Value, usage);
        if (memory.Limit > 0 && (ulong)memory.Limit <= usage) throw Below("memory/limit", memory.Limit.Value, usage);
    }

    private static LittleboxException Below(string pointer, long limit, ulong usage) =>
        LimitContext.Refuse(pointer, $"it is {limit}, and {usage} bytes are in use (checkBeforeUpdate)", ErrorKind.InvalidArgument);

    // Engines write "not set" as -1 in 64 bits.
    private static ulong? Swappiness(LinuxMemory memory) => memory.Swappiness switch
    {
        null or ulong.MaxValue => null,
        > 100 => throw LimitContext.Refuse("memory/swappiness", $"it is {memory.Swappiness}, and may be 0 to 100", ErrorKind.InvalidArgument),
        _ => memory.Swappiness,
    };

    private static string OrMax(long value) => value < 0 ? "max" : Text(value);
}
