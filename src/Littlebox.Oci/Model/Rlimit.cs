namespace Littlebox.Oci;

/// <summary>An entry of <c>process.rlimits</c> (config.md, POSIX process); the highest number is no limit (RLIM_INFINITY).</summary>
public sealed record Rlimit(RlimitType Type, ulong Soft, ulong Hard);

/// <summary>The resources of getrlimit(2); the value is the kernel's number on x86_64 and arm64 (asm-generic/resource.h).</summary>
public enum RlimitType
{
    /// <summary><c>RLIMIT_CPU</c></summary>
    Cpu = 0,

    /// <summary><c>RLIMIT_FSIZE</c></summary>
    FileSize = 1,

    /// <summary><c>RLIMIT_DATA</c></summary>
    Data = 2,

    /// <summary><c>RLIMIT_STACK</c></summary>
    Stack = 3,

    /// <summary><c>RLIMIT_CORE</c></summary>
    Core = 4,

    /// <summary><c>RLIMIT_RSS</c></summary>
    Rss = 5,

    /// <summary><c>RLIMIT_NPROC</c></summary>
    Processes = 6,

    /// <summary><c>RLIMIT_NOFILE</c></summary>
    OpenFiles = 7,

    /// <summary><c>RLIMIT_MEMLOCK</c></summary>
    LockedMemory = 8,

    /// <summary><c>RLIMIT_AS</c></summary>
    AddressSpace = 9,

    /// <summary><c>RLIMIT_LOCKS</c></summary>
    Locks = 10,

    /// <summary><c>RLIMIT_SIGPENDING</c></summary>
    PendingSignals = 11,

    /// <summary><c>RLIMIT_MSGQUEUE</c></summary>
    MessageQueue = 12,

    /// <summary><c>RLIMIT_NICE</c></summary>
    Nice = 13,

    /// <summary><c>RLIMIT_RTPRIO</c></summary>
    RealtimePriority = 14,

    /// <summary><c>RLIMIT_RTTIME</c></summary>
    RealtimeTime = 15,
}
