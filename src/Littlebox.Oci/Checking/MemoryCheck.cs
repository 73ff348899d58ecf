namespace Littlebox.Oci;

/// <summary><c>linux.resources.memory</c> (config-linux.md, Memory). Engines write 0 for "not set".</summary>
internal static class MemoryCheck
{
    private const string Limits = "bytes, or -1 for no limit";

    public static void Check(LinuxMemory memory, Func<string, string, string, ConfigException> bad)
    {
        if (memory.Limit is < -1) throw bad("memory/limit", $"{memory.Limit}", Limits);
        if (memory.Reservation is < -1) throw bad("memory/reservation", $"{memory.Reservation}", Limits);
        if (memory.Swap is < -1) throw bad("memory/swap", $"{memory.Swap}", Limits);
        if (memory.Kernel is < -1) throw bad("memory/kernel", $"{memory.Kernel}", Limits);
        if (memory.KernelTcp is < -1) throw bad("memory/kernelTCP", $"{memory.KernelTcp}", Limits);
        if (memory is { Swap: > 0, Limit: > 0 } && memory.Swap < memory.Limit) throw bad("memory/swap", $"{memory.Swap}", $"memory and swap together, so at least /memory/limit, {memory.Limit}");
        // Engines write "not set" as -1 in 64 bits.
        if (memory.Swappiness is > 100 and not ulong.MaxValue) throw bad("memory/swappiness", $"{memory.Swappiness}", "0 to 100");
    }
}
