namespace Littlebox.Images.Tar;

/// <summary>What an entry makes.</summary>
public enum TarEntryType
{
    /// <summary>A regular file; sparse where <see cref="TarEntry.Segments"/> is set.</summary>
    Regular,

    /// <summary>Another name of a file that an earlier entry made.</summary>
    HardLink,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A named pipe.</summary>
    Fifo,
}
