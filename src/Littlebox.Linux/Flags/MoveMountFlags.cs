namespace Littlebox.Linux;

/// <summary>Flags of move_mount(2).</summary>
[Flags]
public enum MoveMountFlags : int
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Follow a link at the source. MOVE_MOUNT_F_SYMLINKS.</summary>
    FromSymlinks = 0x1,

    /// <summary>The source is the descriptor itself. MOVE_MOUNT_F_EMPTY_PATH.</summary>
    FromEmptyPath = 0x4,

    /// <summary>Follow a link at the target. MOVE_MOUNT_T_SYMLINKS.</summary>
    ToSymlinks = 0x10,

    /// <summary>The target is the descriptor itself. MOVE_MOUNT_T_EMPTY_PATH.</summary>
    ToEmptyPath = 0x40,

    /// <summary>Beneath the top mount (Linux 6.5). MOVE_MOUNT_BENEATH.</summary>
    Beneath = 0x200,
}
