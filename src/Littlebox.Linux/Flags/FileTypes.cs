namespace Littlebox.Linux;

/// <summary>Types and special bits of a mode (stat(2), inode(7)).</summary>
public static class FileTypes
{
    /// <summary>The bits of the type. S_IFMT.</summary>
    public const int Mask = 0xf000;

    /// <summary>Socket. S_IFSOCK.</summary>
    public const int Socket = 0xc000;

    /// <summary>Symbolic link. S_IFLNK.</summary>
    public const int SymbolicLink = 0xa000;

    /// <summary>Regular file. S_IFREG.</summary>
    public const int Regular = 0x8000;

    /// <summary>Block device. S_IFBLK.</summary>
    public const int BlockDevice = 0x6000;

    /// <summary>Directory. S_IFDIR.</summary>
    public const int Directory = 0x4000;

    /// <summary>Character device. S_IFCHR.</summary>
    public const int CharacterDevice = 0x2000;

    /// <summary>Named pipe. S_IFIFO.</summary>
    public const int Fifo = 0x1000;

    /// <summary>Set-user-id. S_ISUID.</summary>
    public const int SetUser = 0x800;

    /// <summary>Set-group-id. S_ISGID.</summary>
    public const int SetGroup = 0x400;

    /// <summary>Sticky. S_ISVTX.</summary>
    public const int Sticky = 0x200;
}
