namespace Littlebox.Oci;

/// <summary><c>linux.resources.memory</c> (config-linux.md, Memory). Limits are in bytes; -1 is unlimited.</summary>
public sealed record LinuxMemory
{
    /// <summary><c>limit</c>, bytes.</summary>
    public long? Limit { get; init; }

    /// <summary><c>reservation</c>: the soft limit, bytes.</summary>
    public long? Reservation { get; init; }

    /// <summary><c>swap</c>: memory and swap together, bytes.</summary>
    public long? Swap { get; init; }

    /// <summary><c>kernel</c>, bytes. Not recommended by the spec: gone from the kernel since 5.4.</summary>
    public long? Kernel { get; init; }

    /// <summary><c>kernelTCP</c>, bytes. Version 1 only.</summary>
    public long? KernelTcp { get; init; }

    /// <summary><c>swappiness</c>, 0 to 100. Version 1 only.</summary>
    public ulong? Swappiness { get; init; }

    /// <summary><c>disableOOMKiller</c>. Version 1 only.</summary>
    public bool? DisableOomKiller { get; init; }

    /// <summary><c>useHierarchy</c>. Version 1 only; always so since 5.11.</summary>
    public bool? UseHierarchy { get; init; }

    /// <summary><c>checkBeforeUpdate</c>: refuse a limit below what is in use now.</summary>
    public bool? CheckBeforeUpdate { get; init; }
}
