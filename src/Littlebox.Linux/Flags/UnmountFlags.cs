namespace Littlebox.Linux;

/// <summary>Flags of umount2(2).</summary>
[Flags]
public enum UnmountFlags : int
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Abort requests. MNT_FORCE.</summary>
    Force = 0x1,

    /// <summary>Take it out of the tree now, free it when unused. MNT_DETACH.</summary>
    Detach = 0x2,

    /// <summary>Mark as expired. MNT_EXPIRE.</summary>
    Expire = 0x4,

    /// <summary>Do not follow a symbolic link. UMOUNT_NOFOLLOW.</summary>
    NoFollow = 0x8,
}
