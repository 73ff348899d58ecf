namespace Littlebox.Linux;

/// <summary>Flags of mount(2).</summary>
[Flags]
public enum MountFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Read only. MS_RDONLY.</summary>
    ReadOnly = 0x1,

    /// <summary>Set-id bits have no effect. MS_NOSUID.</summary>
    NoSetId = 0x2,

    /// <summary>Devices cannot be opened. MS_NODEV.</summary>
    NoDevices = 0x4,

    /// <summary>Programs cannot be started. MS_NOEXEC.</summary>
    NoExecute = 0x8,

    /// <summary>Change a mount. MS_REMOUNT.</summary>
    Remount = 0x20,

    /// <summary>Show a directory or file at a second place. MS_BIND.</summary>
    Bind = 0x1000,

    /// <summary>Move a mount. MS_MOVE.</summary>
    Move = 0x2000,

    /// <summary>With all below. MS_REC.</summary>
    Recursive = 0x4000,

    /// <summary>Propagation: unbindable. MS_UNBINDABLE.</summary>
    Unbindable = 0x20000,

    /// <summary>Propagation: private. MS_PRIVATE.</summary>
    Private = 0x40000,

    /// <summary>Propagation: slave. MS_SLAVE.</summary>
    Slave = 0x80000,

    /// <summary>Propagation: shared. MS_SHARED.</summary>
    Shared = 0x100000,
}
