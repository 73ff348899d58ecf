using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary><c>struct statx</c> of statx(2), as far as Littlebox reads it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public struct FileStatus
{
    /// <summary>Which fields are filled.</summary>
    public uint Mask;

    /// <summary>Preferred block size.</summary>
    public uint BlockSize;

    /// <summary>STATX_ATTR_* bits.</summary>
    public ulong Attributes;

    /// <summary>Number of hard links.</summary>
    public uint Links;

    /// <summary>Owner.</summary>
    public uint Uid;

    /// <summary>Group.</summary>
    public uint Gid;

    /// <summary>Type and permissions.</summary>
    public ushort Mode;

    private readonly ushort spare;

    /// <summary>Inode number.</summary>
    public ulong Inode;

    /// <summary>Size in bytes.</summary>
    public ulong Size;

    /// <summary>512-byte blocks used.</summary>
    public ulong Blocks;

    /// <summary>Which attributes are supported.</summary>
    public ulong AttributesMask;

    /// <summary>Last access.</summary>
    public FileTime AccessTime;

    /// <summary>Birth.</summary>
    public FileTime BirthTime;

    /// <summary>Last change of the inode.</summary>
    public FileTime ChangeTime;

    /// <summary>Last change of the content.</summary>
    public FileTime ModifyTime;

    /// <summary>Major number of a device file.</summary>
    public uint DeviceMajor;

    /// <summary>Minor number of a device file.</summary>
    public uint DeviceMinor;

    /// <summary>Major number of the device the file lives on.</summary>
    public uint OnDeviceMajor;

    /// <summary>Minor number of the device the file lives on.</summary>
    public uint OnDeviceMinor;

    /// <summary>Id of the mount (STATX_MNT_ID).</summary>
    public ulong MountId;

    /// <summary>The type bits of the mode, a value of <see cref="FileTypes"/>.</summary>
    public readonly int Type => Mode & FileTypes.Mask;

    /// <summary>True for a directory.</summary>
    public readonly bool IsDirectory => Type == FileTypes.Directory;

    /// <summary>Device and inode together: what makes two names one file.</summary>
    public readonly (ulong Device, ulong Inode) Identity => (((ulong)OnDeviceMajor << 32) | OnDeviceMinor, Inode);
}

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileTime
{
    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    public long Seconds;

    /// <summary>Nanoseconds, 0 to 999,999,999.</summary>
    public uint Nanoseconds;

    private readonly int spare;
}
