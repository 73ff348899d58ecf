using Littlebox.Linux.Text;

namespace Littlebox.Images.Tar;

/// <summary>A point in time: seconds since 1970-01-01 UTC, which may be negative, and nanoseconds, 0 to 999,999,999.</summary>
public readonly record struct TarTime(long Seconds, uint Nanoseconds);

/// <summary>A part of a sparse file that holds data; all else of the file is a hole.</summary>
public readonly record struct SparseSegment(long Offset, long Length);

/// <summary>An extended attribute: its name with its class (<c>user.</c>, <c>security.</c>, …), and any bytes.</summary>
public readonly record struct TarAttribute(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value);

/// <summary>One entry of an archive, all its headers taken together. Names are bytes: nothing says that they are UTF-8.</summary>
public sealed class TarEntry
{
    /// <summary>What it makes.</summary>
    public required TarEntryType Type { get; init; }

    /// <summary>The name as the archive has it: not checked, perhaps absolute, perhaps with <c>..</c> or a slash at its end. Never a NUL.</summary>
    public required ReadOnlyMemory<byte> Name { get; init; }

    /// <summary>The target of a link, not checked; empty for other types. Never a NUL.</summary>
    public ReadOnlyMemory<byte> LinkName { get; init; }

    /// <summary>Permissions, set-id and sticky bits (07777).</summary>
    public int Mode { get; init; }

    /// <summary>The owner, 0 to 4294967294.</summary>
    public uint Uid { get; init; }

    /// <summary>The group, 0 to 4294967294.</summary>
    public uint Gid { get; init; }

    /// <summary>Bytes of the file, holes included; 0 for what is not a regular file.</summary>
    public long Size { get; init; }

    /// <summary>Bytes that the archive holds of it, and that <see cref="TarReader.Read"/> gives.</summary>
    public long StoredSize { get; init; }

    /// <summary>For a sparse file the parts with data, ascending, which <see cref="TarReader.Read"/> gives one behind the other; otherwise <c>null</c>.</summary>
    public IReadOnlyList<SparseSegment>? Segments { get; init; }

    /// <summary>Last change of the content.</summary>
    public TarTime ModifyTime { get; init; }

    /// <summary>Last access, where the archive says it (pax).</summary>
    public TarTime? AccessTime { get; init; }

    /// <summary>Major number of a device.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Minor number of a device.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes (pax: SCHILY.xattr, LIBARCHIVE.xattr).</summary>
    public IReadOnlyList<TarAttribute> Attributes { get; init; } = [];

    /// <summary>True when the archive holds access control lists as text (SCHILY.acl), which are not applied.</summary>
    public bool HasTextAcl { get; init; }

    /// <summary>Byte of the unpacked archive where its first header begins.</summary>
    public long Offset { get; init; }

    /// <summary>The name quoted for printing, control characters and bytes that are not UTF-8 escaped.</summary>
    public string DisplayName => Strace.Quote(Name.Span);
}
