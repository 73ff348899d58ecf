using Littlebox.Linux.Text;

namespace Littlebox.Images.Tar;

/// <summary>
/// Reads an archive, entry by entry, from a stream that need not seek: v7, ustar, pax, GNU and star headers, long names, large numbers, extended
/// attributes and sparse files (tar(5), POSIX.1-2024 pax, GNU tar manual).
/// </summary>
/// <remarks>
/// Where parsers are known to disagree, it is strict: a lone block of zeros, an unknown type of entry, a global header that names all entries, and
/// an archive without its end marker are errors. Memory is bounded: headers of more than 8 MiB and sparse maps of more than a million parts are
/// refused. Threads: one at a time. Errors: <see cref="TarFormatException"/>, with the entry and the byte.
/// </remarks>
public sealed class TarReader
{
    // Long enough for 64 KiB in each of many attributes; Go's reader stops at 1 MiB.
    private const int LargestMetadata = 8 << 20;

    private readonly TarSource source;
    private readonly byte[] block = new byte[TarHeader.Size];
    // The header in `block` is still being read while the map of a sparse file behind it is.
    private readonly byte[] mapBlock = new byte[TarHeader.Size];
    private PaxRecords? global;
    private long remaining, padding;
    private bool ended;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The archive, not compressed any more; read from where it stands. The caller closes it.</param>
    /// <param name="limit">The largest number of bytes that is read of it: a few kilobytes of gzip may hold gigabytes of zeros.</param>
    public TarReader(Stream stream, long limit = long.MaxValue) => source = new TarSource(stream, limit);

    /// <summary>How many bytes of the archive have been read.</summary>
    public long Offset => source.Offset;

    /// <summary>The next entry, or <c>null</c> behind the last. What was not read of the entry before is passed over.</summary>
    public TarEntry? Next()
    {
        if (ended) return null;
        source.Skip(remaining + padding);
        remaining = padding = 0;
        PaxRecords? pax = null;
        byte[]? longName = null, longLink = null;
        long first = source.Offset;
        while (true)
        {
            long offset = source.Offset;
            string? last = source.Entry;
            bool isContinued = pax is not null || longName is not null || longLink is not null;
            source.Entry = last is null ? null : $"the header behind {last}";
            if (!source.TryReadWhole(block)) throw isContinued ? TarFormatException.CutShort(null, offset) : TarFormatException.NoEndMarker(last, offset);
            var header = new TarHeader(block);
            if (header.IsZero)
            {
                source.Entry = last;
                if (isContinued) throw new TarFormatException("headers for an entry are followed by the end", null, offset);
                End(offset);
                return null;
            }
            if (!header.ChecksumIsRight())
                throw new TarFormatException(offset == 0 ? "this is not a tar archive" : "the checksum is wrong", source.Entry, offset);
            byte[] name = header.Name();
            source.Entry = Strace.Quote(name);
            switch (header.Type)
            {
                case (byte)'x' or (byte)'X':
                    pax ??= PaxRecords.From(global);
                    AddRecords(pax, header, offset, isGlobal: false);
                    break;
                case (byte)'g':
                    global ??= new PaxRecords();
                    AddRecords(global, header, offset, isGlobal: true);
                    break;
                case (byte)'L': longName = ReadName(header, offset); break;
                case (byte)'K': longLink = ReadName(header, offset); break;
                case (byte)'V': SkipData(header, offset); break;
                default: return Entry(header, pax ?? PaxRecords.From(global), longName ?? name, longLink, offset, first);
            }
        }
    }

    /// <summary>Reads of the current entry's stored bytes; 0 at their end.</summary>
    public int Read(Span<byte> buffer)
    {
        if (remaining == 0 || buffer.IsEmpty) return 0;
        int read = source.Read(buffer[..(int)Math.Min(buffer.Length, remaining)]);
        if (read == 0) throw TarFormatException.CutShort(source.Entry, source.Offset);
        remaining -= read;
        return read;
    }

    private void End(long offset)
    {
        // Two blocks of zeros; some writers leave the second out.
        if (source.TryReadWhole(block) && !new TarHeader(block).IsZero)
            throw new TarFormatException("a single block of zeros stands where the end marker of two should be, and more follows", null, offset);
        ended = true;
        source.Drain();
    }

    private TarEntry Entry(TarHeader header, PaxRecords pax, byte[] headerName, byte[]? longLink, long offset, long first)
    {
        byte[] name = pax.SparseName ?? pax.Path ?? headerName;
        source.Entry = Strace.Quote(name);
        TarEntryType type = TypeOf(header.Type, name, offset);
        bool isLikeFile = header.Type is 0 or (byte)'0' or (byte)'7' or (byte)'S' or (byte)'D';
        long inHeader = Number(header.SizeField, "size", offset);
        // Links, devices, directories and pipes have no data, whatever their size says: so do GNU tar, Go and Python see it.
        long stored = !isLikeFile ? 0 : Sized(pax.Size ?? inHeader, offset);
        remaining = stored;
        padding = -stored & (TarHeader.Size - 1);

        long size = stored;
        List<SparseSegment>? segments = null;
        if (header.Type == 'S') segments = OldSparse(header, offset, out size);
        else if (type == TarEntryType.Regular && pax.IsSparse) segments = PaxSparse(pax, offset, out size);

        bool isDevice = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        return new TarEntry
        {
            Type = type,
            Name = name,
            LinkName = type is TarEntryType.HardLink or TarEntryType.SymbolicLink ? pax.LinkPath ?? longLink ?? header.LinkName.ToArray() : default,
            Mode = (int)(Number(header.ModeField, "mode", offset) & 0xfff),
            Uid = Id(pax.Uid, header.UidField, "owner", offset),
            Gid = Id(pax.Gid, header.GidField, "group", offset),
            Size = type == TarEntryType.Regular ? size : 0,
            StoredSize = remaining,
            Segments = segments,
            ModifyTime = pax.ModifyTime ?? new TarTime(Number(header.ModifyTimeField, "time", offset), 0),
            AccessTime = pax.AccessTime,
            DeviceMajor = isDevice ? Device(header.DeviceMajorField, 0xfff, offset) : 0,
            DeviceMinor = isDevice ? Device(header.DeviceMinorField, 0xfffff, offset) : 0,
            Attributes = [.. pax.Attributes.Values],
            HasTextAcl = pax.HasTextAcl,
            Offset = first,
        };
    }

    private TarEntryType TypeOf(byte type, ReadOnlySpan<byte> name, long offset)
    {
        switch (type)
        {
            // v7 has no type for a directory, but a slash at the end of its name.
            case 0 or (byte)'0' or (byte)'7': return name is [.., (byte)'/'] ? TarEntryType.Directory : TarEntryType.Regular;
            case (byte)'S': return TarEntryType.Regular;
            case (byte)'1': return TarEntryType.HardLink;
            case (byte)'2': return TarEntryType.SymbolicLink;
            case (byte)'3': return TarEntryType.CharacterDevice;
            case (byte)'4': return TarEntryType.BlockDevice;
            // GNU's 'D' is a directory with the list of its names as data (tar --incremental).
            case (byte)'5' or (byte)'D': return TarEntryType.Directory;
            case (byte)'6': return TarEntryType.Fifo;
            case (byte)'M': throw new TarFormatException("it is the second part of a file that began in another volume; unpack such archives with tar --multi-volume first", source.Entry, offset);
            default: throw new TarFormatException($"its type is {Strace.Quote([type])}, which is none that we know", source.Entry, offset);
        }
    }

    private List<SparseSegment> OldSparse(TarHeader header, long offset, out long size)
    {
        var numbers = new List<long>();
        size = Sized(Number(header.SparseRealSizeField, "real size", offset), offset);
        bool right = SparseMap.TryAddPairs(header.SparsePairs, numbers);
        for (bool more = header.SparseIsExtended; more;)
        {
            source.ReadWhole(mapBlock);
            right &= SparseMap.TryAddPairs(mapBlock.AsSpan(0, 21 * 24), numbers) && numbers.Count <= 2 * SparseMap.MostSegments;
            more = right && mapBlock[504] != 0;
        }
        if (!right) throw new TarFormatException("the map of a sparse file holds what is no number, or is too long", source.Entry, offset);
        return Segments(numbers, size, offset);
    }

    private List<SparseSegment> PaxSparse(PaxRecords pax, long offset, out long size)
    {
        size = pax.SparseRealSize ?? throw new TarFormatException("a sparse file has no size", source.Entry, offset);
        if (pax.SparseMajor > 0)
        {
            if (pax.SparseMajor != 1 || pax.SparseMinor != 0)
                throw new TarFormatException($"its sparse map is of version {pax.SparseMajor}.{pax.SparseMinor}; 0.0, 0.1 and 1.0 are known", source.Entry, offset);
            return Segments(MapInData(offset), size, offset);
        }
        return Segments(pax.SparseNumbers!, size, offset);
    }

    // Sparse 1.0: the file's data begins with the number of parts, then offset and length of each, a decimal a line, filled up to a whole block.
    private List<long> MapInData(long offset)
    {
        var numbers = new List<long>();
        long wanted = -1, value = 0;
        int digits = 0;
        while (numbers.Count != wanted)
        {
            if (remaining < TarHeader.Size) throw new TarFormatException("the map of a sparse file is longer than its data", source.Entry, offset);
            source.ReadWhole(mapBlock);
            remaining -= TarHeader.Size;
            for (int i = 0; i < mapBlock.Length && numbers.Count != wanted; i++)
            {
                if (mapBlock[i] is >= (byte)'0' and <= (byte)'9' && digits++ < 18) value = value * 10 + (mapBlock[i] - '0');
                else if (mapBlock[i] != '\n' || digits is 0 or > 18) throw new TarFormatException("the map of a sparse file holds what is no number", source.Entry, offset);
                else
                {
                    if (wanted >= 0) numbers.Add(value);
                    else if (value > SparseMap.MostSegments) throw new TarFormatException($"a sparse file has {value} parts", source.Entry, offset);
                    else wanted = value * 2;
                    value = digits = 0;
                }
            }
        }
        return numbers;
    }

    private List<SparseSegment> Segments(List<long> numbers, long size, long offset) =>
        SparseMap.Build(numbers, size, remaining, out List<SparseSegment> segments) is { } problem ? throw new TarFormatException(problem, source.Entry, offset) : segments;

    private void AddRecords(PaxRecords records, TarHeader header, long offset, bool isGlobal)
    {
        byte[] data = ReadData(header, offset);
        if (records.Add(data, isGlobal) is { } problem) throw new TarFormatException(problem, records.Path is { } path ? Strace.Quote(path) : source.Entry, offset);
    }

    private byte[] ReadName(TarHeader header, long offset)
    {
        byte[] data = ReadData(header, offset);
        int end = data.AsSpan().IndexOf((byte)0);
        if (end >= 0 && data.AsSpan(end).IndexOfAnyExcept((byte)0) >= 0) throw new TarFormatException("a long name contains a NUL, which no name may", source.Entry, offset);
        return end < 0 ? data : data[..end];
    }

    private byte[] ReadData(TarHeader header, long offset)
    {
        long size = Sized(Number(header.SizeField, "size", offset), offset);
        if (size > LargestMetadata) throw new TarFormatException($"a header of {size} bytes is larger than the {LargestMetadata} that are read", source.Entry, offset);
        byte[] data = new byte[size];
        if (size > 0) source.ReadWhole(data);
        source.Skip(-size & (TarHeader.Size - 1));
        return data;
    }

    private void SkipData(TarHeader header, long offset)
    {
        long size = Sized(Number(header.SizeField, "size", offset), offset);
        source.Skip(size + (-size & (TarHeader.Size - 1)));
    }

    private long Sized(long size, long offset) =>
        size is >= 0 and < long.MaxValue - 1024 ? size : throw new TarFormatException($"its size is {size}", source.Entry, offset);

    private long Number(ReadOnlySpan<byte> field, string what, long offset) =>
        TarNumber.TryParse(field, out long value) ? value : throw new TarFormatException($"its {what} is {Strace.Quote(field)}, which is no number", source.Entry, offset);

    // 4294967295 is -1 to chown(2), "leave it as it is": an owner that means something else than it says.
    private uint Id(long? fromPax, ReadOnlySpan<byte> field, string what, long offset)
    {
        long id = fromPax ?? Number(field, what, offset);
        return id is >= 0 and < uint.MaxValue ? (uint)id : throw new TarFormatException($"its {what} is {id}, which is not from 0 to 4294967294", source.Entry, offset);
    }

    private uint Device(ReadOnlySpan<byte> field, uint largest, long offset)
    {
        long number = Number(field, "device number", offset);
        return number >= 0 && number <= largest ? (uint)number : throw new TarFormatException($"its device number is {number}, which is not from 0 to {largest}", source.Entry, offset);
    }
}
