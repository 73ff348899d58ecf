namespace Littlebox.Linux;

/// <summary>Operations of flock(2).</summary>
[Flags]
public enum LockOperation : int
{
    /// <summary>Shared with other readers. LOCK_SH.</summary>
    Shared = 0x1,

    /// <summary>Alone. LOCK_EX.</summary>
    Exclusive = 0x2,

    /// <summary>EWOULDBLOCK instead of waiting. LOCK_NB.</summary>
    NonBlocking = 0x4,

    /// <summary>Release. LOCK_UN.</summary>
    Unlock = 0x8,
}
