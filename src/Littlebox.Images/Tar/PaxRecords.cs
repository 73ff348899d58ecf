using System.Buffers.Text;
using System.Text;

namespace Littlebox.Images.Tar;

/// <summary>
/// What the pax headers before an entry say (POSIX.1-2024, pax "Extended Header"; SCHILY.* of star, LIBARCHIVE.* of libarchive, GNU.sparse.* of GNU tar).
/// Keys that are not known here are comments to us.
/// </summary>
internal sealed class PaxRecords
{
    public byte[]? Path { get; private set; }
    public byte[]? LinkPath { get; private set; }
    public long? Size { get; private set; }
    public long? Uid { get; private set; }
    public long? Gid { get; private set; }
    public TarTime? ModifyTime { get; private set; }
    public TarTime? AccessTime { get; private set; }
    public bool HasTextAcl { get; private set; }
    public Dictionary<string, TarAttribute> Attributes { get; } = new(StringComparer.Ordinal);

    public byte[]? SparseName { get; private set; }
    public long? SparseRealSize { get; private set; }
    public long SparseMajor { get; private set; }
    public long SparseMinor { get; private set; }

    /// <summary>Offsets and lengths in turn, of GNU.sparse 0.0 and 0.1.</summary>
    public List<long>? SparseNumbers { get; private set; }

    /// <summary>True for any of the three pax forms of a sparse file.</summary>
    public bool IsSparse => SparseNumbers is not null || SparseMajor > 0;

    /// <summary>Takes the owners and times of the global header as defaults.</summary>
    public static PaxRecords From(PaxRecords? global) => global is null
        ? new PaxRecords()
        : new PaxRecords { Uid = global.Uid, Gid = global.Gid, ModifyTime = global.ModifyTime, AccessTime = global.AccessTime };

    /// <summary>Reads all records of a header's data: <c>LENGTH KEY=VALUE\n</c>, the length that of the whole record in decimal.</summary>
    /// <returns>What is wrong, or <c>null</c>.</returns>
    public string? Add(ReadOnlySpan<byte> data, bool isGlobal)
    {
        while (!data.IsEmpty)
        {
            int space = data[..Math.Min(data.Length, 20)].IndexOf((byte)' ');
            if (space <= 0 || !TarNumber.TryDecimal(data[..space], out long length) || length <= space + 1 || length > data.Length || data[(int)length - 1] != '\n')
                return "a pax record does not have the length that it says";
            ReadOnlySpan<byte> record = data[(space + 1)..((int)length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0) return "a pax record has no key";
            if (Set(record[..equals], record[(equals + 1)..], isGlobal) is { } problem) return problem;
            data = data[(int)length..];
        }
        return null;
    }

    private string? Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isGlobal)
    {
        if (key.StartsWith("SCHILY.xattr."u8)) return isGlobal ? Everywhere(key) : SetAttribute(key["SCHILY.xattr."u8.Length..], value);
        if (key.StartsWith("LIBARCHIVE.xattr."u8)) return isGlobal ? Everywhere(key) : SetEncodedAttribute(key["LIBARCHIVE.xattr."u8.Length..], value);
        string name = Encoding.UTF8.GetString(key);
        if (isGlobal && (name is "path" or "linkpath" or "size" || name.StartsWith("GNU.sparse.", StringComparison.Ordinal))) return Everywhere(key);
        switch (name)
        {
            case "path": return SetName(name, value, bytes => Path = bytes);
            case "linkpath": return SetName(name, value, bytes => LinkPath = bytes);
            case "GNU.sparse.name": return SetName(name, value, bytes => SparseName = bytes);
            case "size": return SetNumber(name, value, number => Size = number);
            case "uid": return SetNumber(name, value, number => Uid = number);
            case "gid": return SetNumber(name, value, number => Gid = number);
            case "mtime": return SetTime(name, value, time => ModifyTime = time);
            case "atime": return SetTime(name, value, time => AccessTime = time);
            case "GNU.sparse.size" or "GNU.sparse.realsize": return SetNumber(name, value, number => SparseRealSize = number);
            case "GNU.sparse.major": return SetNumber(name, value, number => SparseMajor = number ?? 0);
            case "GNU.sparse.minor": return SetNumber(name, value, number => SparseMinor = number ?? 0);
            case "GNU.sparse.offset": return AddSparseNumber(name, value, isLength: false);
            case "GNU.sparse.numbytes": return AddSparseNumber(name, value, isLength: true);
            case "GNU.sparse.map": return SetSparseMap(value);
            case "SCHILY.acl.access" or "SCHILY.acl.default" or "SCHILY.acl.ace":
                HasTextAcl |= !isGlobal && !value.IsEmpty;
                return null;
            default: return null;
        }
    }

    private static string Everywhere(ReadOnlySpan<byte> key) =>
        $"the global pax header sets {Linux.Text.Strace.Quote(key)}, which cannot be the same for all entries";

    // An empty value takes back what was said before (POSIX).
    private static string? SetName(string key, ReadOnlySpan<byte> value, Action<byte[]?> set)
    {
        if (value.Contains((byte)0)) return $"the pax record {key} contains a NUL, which no name may";
        set(value.IsEmpty ? null : value.ToArray());
        return null;
    }

    private static string? SetNumber(string key, ReadOnlySpan<byte> value, Action<long?> set)
    {
        long number = 0;
        if (!value.IsEmpty && (!TarNumber.TryDecimal(value, out number) || number < 0)) return $"the pax record {key} is {Linux.Text.Strace.Quote(value)}, which is no number from 0";
        set(value.IsEmpty ? null : number);
        return null;
    }

    private static string? SetTime(string key, ReadOnlySpan<byte> value, Action<TarTime?> set)
    {
        TarTime time = default;
        if (!value.IsEmpty && !TarNumber.TryTime(value, out time)) return $"the pax record {key} is {Linux.Text.Strace.Quote(value)}, which is no time";
        set(value.IsEmpty ? null : time);
        return null;
    }

    private string? AddSparseNumber(string key, ReadOnlySpan<byte> value, bool isLength)
    {
        if (!TarNumber.TryDecimal(value, out long number) || number < 0) return $"the pax record {key} is no number from 0";
        SparseNumbers ??= [];
        if (SparseNumbers.Count % 2 == 1 != isLength) return "the offsets and lengths of a sparse file do not take turns";
        SparseNumbers.Add(number);
        return null;
    }

    private string? SetSparseMap(ReadOnlySpan<byte> value)
    {
        SparseNumbers = [];
        while (!value.IsEmpty)
        {
            int comma = value.IndexOf((byte)',');
            if (!TarNumber.TryDecimal(comma < 0 ? value : value[..comma], out long number) || number < 0) return "the map of a sparse file holds what is no number";
            SparseNumbers.Add(number);
            value = comma < 0 ? default : value[(comma + 1)..];
        }
        return SparseNumbers.Count % 2 == 0 ? null : "the map of a sparse file has an offset without a length";
    }

    private string? SetAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // XATTR_NAME_MAX and XATTR_SIZE_MAX of the kernel: what is larger could not have come from a file.
        if (name.IsEmpty || name.Length > 255 || name.Contains((byte)0)) return $"an extended attribute is named {Linux.Text.Strace.Quote(name)}, which is empty, longer than 255 bytes or contains a NUL";
        if (value.Length > 65536) return $"the extended attribute {Linux.Text.Strace.Quote(name)} is larger than 65536 bytes";
        Attributes[Encoding.Latin1.GetString(name)] = new TarAttribute(name.ToArray(), value.ToArray());
        return null;
    }

    // libarchive: the name is percent-encoded, the value base64 without padding. bsdtar writes both forms, and SCHILY's, being raw, is the one to keep.
    private string? SetEncodedAttribute(ReadOnlySpan<byte> encodedName, ReadOnlySpan<byte> encodedValue)
    {
        var name = new List<byte>(encodedName.Length);
        for (int i = 0; i < encodedName.Length; i++)
        {
            byte value = encodedName[i];
            if (value == '%')
            {
                if (i + 2 >= encodedName.Length || !Utf8Parser.TryParse(encodedName.Slice(i + 1, 2), out value, out int used, 'X') || used != 2)
                    return "the name of an extended attribute is not percent-encoded as it should be";
                i += 2;
            }
            name.Add(value);
        }
        byte[] bytes = [.. name];
        if (Attributes.ContainsKey(Encoding.Latin1.GetString(bytes))) return null;
        byte[] padded = new byte[(encodedValue.Length + 3) / 4 * 4];
        padded.AsSpan().Fill((byte)'=');
        encodedValue.CopyTo(padded);
        byte[] decoded = new byte[padded.Length];
        if (Base64.DecodeFromUtf8(padded, decoded, out _, out int length) != System.Buffers.OperationStatus.Done) return "the value of an extended attribute is not base64";
        return SetAttribute(bytes, decoded.AsSpan(0, length));
    }
}
