using Littlebox.Linux.Text;

namespace Littlebox.Linux;

/// <summary>Flags as strace prints them, by the names of the kernel's headers.</summary>
public static class CallFlags
{
    /// <summary>The names of <see cref="OpenFlags"/>; O_RDONLY, whose value is 0, where writing is not asked for.</summary>
    public static string Of(OpenFlags flags)
    {
        string rest = Strace.Flags((ulong)flags, OpenNames);
        bool reads = ((ulong)flags & 3) == 0;
        return !reads ? rest : rest is "0" ? "O_RDONLY" : $"O_RDONLY|{rest}";
    }

    private static ReadOnlySpan<(ulong, string)> OpenNames => new (ulong, string)[]
    {
        (OpenFlags.WriteOnly.Value, "O_WRONLY"),
        (OpenFlags.ReadWrite.Value, "O_RDWR"),
        (OpenFlags.Create.Value, "O_CREAT"),
        (OpenFlags.Exclusive.Value, "O_EXCL"),
        (OpenFlags.NoControllingTerminal.Value, "O_NOCTTY"),
        (OpenFlags.Truncate.Value, "O_TRUNC"),
        (OpenFlags.Append.Value, "O_APPEND"),
        (OpenFlags.NonBlocking.Value, "O_NONBLOCK"),
        (OpenFlags.Temporary.Value, "O_TMPFILE"), // before O_DIRECTORY, whose bit it contains
        (OpenFlags.Directory.Value, "O_DIRECTORY"),
        (OpenFlags.NoFollow.Value, "O_NOFOLLOW"),
        (OpenFlags.CloseOnExec.Value, "O_CLOEXEC"),
        (OpenFlags.PathOnly.Value, "O_PATH"),
    };

    /// <summary>The names of <see cref="ResolveFlags"/>.</summary>
    public static string Of(ResolveFlags flags) => Strace.Flags((ulong)flags, ResolveFlagsNames);

    private static ReadOnlySpan<(ulong, string)> ResolveFlagsNames => new (ulong, string)[]
    {
        (0x1, "RESOLVE_NO_XDEV"),
        (0x2, "RESOLVE_NO_MAGICLINKS"),
        (0x4, "RESOLVE_NO_SYMLINKS"),
        (0x8, "RESOLVE_BENEATH"),
        (0x10, "RESOLVE_IN_ROOT"),
        (0x20, "RESOLVE_CACHED"),
    };

    /// <summary>The names of <see cref="UnmountFlags"/>.</summary>
    public static string Of(UnmountFlags flags) => Strace.Flags((ulong)flags, UnmountFlagsNames);

    private static ReadOnlySpan<(ulong, string)> UnmountFlagsNames => new (ulong, string)[]
    {
        (0x1, "MNT_FORCE"),
        (0x2, "MNT_DETACH"),
        (0x4, "MNT_EXPIRE"),
        (0x8, "UMOUNT_NOFOLLOW"),
    };

    /// <summary>The names of <see cref="MountFlags"/>.</summary>
    public static string Of(MountFlags flags) => Strace.Flags((ulong)flags, MountFlagsNames);

    private static ReadOnlySpan<(ulong, string)> MountFlagsNames => new (ulong, string)[]
    {
        (0x1, "MS_RDONLY"),
        (0x2, "MS_NOSUID"),
        (0x4, "MS_NODEV"),
        (0x8, "MS_NOEXEC"),
        (0x20, "MS_REMOUNT"),
        (0x1000, "MS_BIND"),
        (0x2000, "MS_MOVE"),
        (0x4000, "MS_REC"),
        (0x20000, "MS_UNBINDABLE"),
        (0x40000, "MS_PRIVATE"),
        (0x80000, "MS_SLAVE"),
        (0x100000, "MS_SHARED"),
    };

    /// <summary>The names of <see cref="MountAttributes"/>.</summary>
    public static string Of(MountAttributes flags) => Strace.Flags((ulong)flags, MountAttributesNames);

    private static ReadOnlySpan<(ulong, string)> MountAttributesNames => new (ulong, string)[]
    {
        (0x1, "MOUNT_ATTR_RDONLY"),
        (0x2, "MOUNT_ATTR_NOSUID"),
        (0x4, "MOUNT_ATTR_NODEV"),
        (0x8, "MOUNT_ATTR_NOEXEC"),
        (0x10, "MOUNT_ATTR_NOATIME"),
        (0x20, "MOUNT_ATTR_STRICTATIME"),
        (0x80, "MOUNT_ATTR_NODIRATIME"),
        (0x100000, "MOUNT_ATTR_IDMAP"),
        (0x200000, "MOUNT_ATTR_NOSYMFOLLOW"),
    };

    /// <summary>The names of <see cref="LockOperation"/>.</summary>
    public static string Of(LockOperation flags) => Strace.Flags((ulong)flags, LockOperationNames);

    private static ReadOnlySpan<(ulong, string)> LockOperationNames => new (ulong, string)[]
    {
        (0x1, "LOCK_SH"),
        (0x2, "LOCK_EX"),
        (0x4, "LOCK_NB"),
        (0x8, "LOCK_UN"),
    };

    /// <summary>The names of <see cref="NamespaceFlags"/>.</summary>
    public static string Of(NamespaceFlags flags) => Strace.Flags((ulong)flags, NamespaceFlagsNames);

    private static ReadOnlySpan<(ulong, string)> NamespaceFlagsNames => new (ulong, string)[]
    {
        (0x80, "CLONE_NEWTIME"),
        (0x20000, "CLONE_NEWNS"),
        (0x2000000, "CLONE_NEWCGROUP"),
        (0x4000000, "CLONE_NEWUTS"),
        (0x8000000, "CLONE_NEWIPC"),
        (0x10000000, "CLONE_NEWUSER"),
        (0x20000000, "CLONE_NEWPID"),
        (0x40000000, "CLONE_NEWNET"),
    };

    /// <summary>The names of <see cref="CloneFlags"/>.</summary>
    public static string Of(CloneFlags flags) => Strace.Flags((ulong)flags, CloneFlagsNames);

    private static ReadOnlySpan<(ulong, string)> CloneFlagsNames => new (ulong, string)[]
    {
        (0x100, "CLONE_VM"),
        (0x1000, "CLONE_PIDFD"),
        (0x4000, "CLONE_VFORK"),
        (0x8000, "CLONE_PARENT"),
        (0x100000000, "CLONE_CLEAR_SIGHAND"),
        (0x200000000, "CLONE_INTO_CGROUP"),
    };

    /// <summary>The names of <see cref="MoveMountFlags"/>.</summary>
    public static string Of(MoveMountFlags flags) => Strace.Flags((ulong)flags, MoveMountFlagsNames);

    private static ReadOnlySpan<(ulong, string)> MoveMountFlagsNames => new (ulong, string)[]
    {
        (0x1, "MOVE_MOUNT_F_SYMLINKS"),
        (0x4, "MOVE_MOUNT_F_EMPTY_PATH"),
        (0x10, "MOVE_MOUNT_T_SYMLINKS"),
        (0x40, "MOVE_MOUNT_T_EMPTY_PATH"),
        (0x200, "MOVE_MOUNT_BENEATH"),
    };

    /// <summary>The names of <see cref="OpenTreeFlags"/>.</summary>
    public static string Of(OpenTreeFlags flags) => Strace.Flags((ulong)flags, OpenTreeFlagsNames);

    private static ReadOnlySpan<(ulong, string)> OpenTreeFlagsNames => new (ulong, string)[]
    {
        (0x1, "OPEN_TREE_CLONE"),
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x1000, "AT_EMPTY_PATH"),
        (0x8000, "AT_RECURSIVE"),
        (0x80000, "OPEN_TREE_CLOEXEC"),
    };

    /// <summary>The names of <see cref="PollEvents"/>.</summary>
    public static string Of(PollEvents flags) => Strace.Flags((ulong)flags, PollEventsNames);

    private static ReadOnlySpan<(ulong, string)> PollEventsNames => new (ulong, string)[]
    {
        (0x1, "POLLIN"),
        (0x2, "POLLPRI"),
        (0x4, "POLLOUT"),
        (0x8, "POLLERR"),
        (0x10, "POLLHUP"),
        (0x20, "POLLNVAL"),
    };
}
