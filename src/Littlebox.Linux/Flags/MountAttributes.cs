namespace Littlebox.Linux;

/// <summary>Attributes of a mount, mount_setattr(2) and fsmount(2).</summary>
[Flags]
public enum MountAttributes : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Read only. MOUNT_ATTR_RDONLY.</summary>
    ReadOnly = 0x1,

    /// <summary>Set-id bits have no effect. MOUNT_ATTR_NOSUID.</summary>
    NoSetId = 0x2,

    /// <summary>Devices cannot be opened. MOUNT_ATTR_NODEV.</summary>
    NoDevices = 0x4,

    /// <summary>Programs cannot be started. MOUNT_ATTR_NOEXEC.</summary>
    NoExecute = 0x8,

    /// <summary>No access times. MOUNT_ATTR_NOATIME.</summary>
    NoAccessTime = 0x10,

    /// <summary>Exact access times. MOUNT_ATTR_STRICTATIME.</summary>
    StrictAccessTime = 0x20,

    /// <summary>No access times of directories. MOUNT_ATTR_NODIRATIME.</summary>
    NoDirectoryAccessTime = 0x80,

    /// <summary>Owners mapped by a user namespace. MOUNT_ATTR_IDMAP.</summary>
    IdMapped = 0x100000,

    /// <summary>Symbolic links are not followed. MOUNT_ATTR_NOSYMFOLLOW.</summary>
    NoSymlinkFollow = 0x200000,
}
