using Littlebox.Images.Compression;
using Littlebox.Linux;

namespace Littlebox.Images.Tar;

/// <summary>The bytes of an unpacked archive, read ahead, counted and limited.</summary>
internal sealed class TarSource(Stream stream, long limit)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private int start, end;

    /// <summary>How many bytes have been taken.</summary>
    public long Offset { get; private set; }

    /// <summary>The entry that is being read, quoted, for errors.</summary>
    public string? Entry { get; set; }

    /// <summary>Takes bytes, at least one; 0 at the end.</summary>
    public int Read(Span<byte> target)
    {
        if (target.IsEmpty) return 0;
        if (start == end && target.Length >= buffer.Length) return Count(Fetch(target));
        if (!Fill()) return 0;
        int length = Math.Min(target.Length, end - start);
        buffer.AsSpan(start, length).CopyTo(target);
        start += length;
        return Count(length);
    }

    /// <summary>Fills <paramref name="target"/>; false where the archive ends before the first byte.</summary>
    /// <exception cref="TarFormatException">It ends in the middle.</exception>
    public bool TryReadWhole(Span<byte> target)
    {
        for (int filled = 0; filled < target.Length;)
        {
            int read = Read(target[filled..]);
            if (read == 0 && filled == 0) return false;
            if (read == 0) throw TarFormatException.CutShort(Entry, Offset);
            filled += read;
        }
        return true;
    }

    /// <summary>Fills <paramref name="target"/>.</summary>
    public void ReadWhole(Span<byte> target)
    {
        if (!TryReadWhole(target)) throw TarFormatException.CutShort(Entry, Offset);
    }

    /// <summary>Passes over <paramref name="length"/> bytes.</summary>
    public void Skip(long length)
    {
        while (length > 0)
        {
            if (!Fill()) throw TarFormatException.CutShort(Entry, Offset);
            int part = (int)Math.Min(length, end - start);
            start += part;
            length -= Count(part);
        }
    }

    /// <summary>Reads to the end of the stream, so that the checksums of a compressed one are looked at.</summary>
    public void Drain()
    {
        while (Fill())
        {
            Count(end - start);
            start = end;
        }
    }

    private bool Fill()
    {
        if (start < end) return true;
        start = 0;
        end = Fetch(buffer);
        return end > 0;
    }

    private int Fetch(Span<byte> target)
    {
        try
        {
            return stream.Read(target);
        }
        catch (CompressionException error) when (error.IsCutShort)
        {
            throw TarFormatException.CutShort(Entry, Offset);
        }
        catch (CompressionException error)
        {
            throw new TarFormatException(error.Message, Entry, Offset);
        }
    }

    private int Count(int length)
    {
        Offset += length;
        if (Offset > limit)
            throw new LittleboxException(ErrorKind.InvalidArgument, $"the archive is larger than {limit} bytes when unpacked, which is the limit{(Entry is null ? "" : $"; the last entry was {Entry}")}");
        return length;
    }
}
