namespace Littlebox.Linux;

/// <summary>Kinds of namespaces, as the CLONE_NEW* flags of clone3(2), unshare(2) and setns(2).</summary>
[Flags]
public enum NamespaceFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Boot and monotonic clocks. CLONE_NEWTIME.</summary>
    Time = 0x80,

    /// <summary>Mounts. CLONE_NEWNS.</summary>
    Mount = 0x20000,

    /// <summary>The root of the cgroup view. CLONE_NEWCGROUP.</summary>
    CGroup = 0x2000000,

    /// <summary>Host and domain name. CLONE_NEWUTS.</summary>
    Uts = 0x4000000,

    /// <summary>System V IPC and POSIX message queues. CLONE_NEWIPC.</summary>
    Ipc = 0x8000000,

    /// <summary>User and group ids, capabilities. CLONE_NEWUSER.</summary>
    User = 0x10000000,

    /// <summary>Process ids. CLONE_NEWPID.</summary>
    Pid = 0x20000000,

    /// <summary>Links, addresses, routes, ports. CLONE_NEWNET.</summary>
    Network = 0x40000000,
}
