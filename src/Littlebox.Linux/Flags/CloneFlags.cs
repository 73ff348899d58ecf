namespace Littlebox.Linux;

/// <summary>Flags of clone3(2) beside the namespaces.</summary>
[Flags]
public enum CloneFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Share memory. CLONE_VM.</summary>
    Vm = 0x100,

    /// <summary>Return a pidfd. CLONE_PIDFD.</summary>
    PidFd = 0x1000,

    /// <summary>The parent waits until the child has executed or ended. CLONE_VFORK.</summary>
    Vfork = 0x4000,

    /// <summary>The child gets the parent of its maker. CLONE_PARENT.</summary>
    Parent = 0x8000,

    /// <summary>All signals back to their defaults. CLONE_CLEAR_SIGHAND.</summary>
    ClearSignalHandlers = 0x100000000,

    /// <summary>Start in a cgroup of version 2. CLONE_INTO_CGROUP.</summary>
    IntoCGroup = 0x200000000,
}
