using System.Buffers.Binary;
using System.IO.Compression;

namespace Littlebox.Images.Compression;

/// <summary>
/// Unpacks gzip, several members too, and notices an early end. The runtime's GZipStream takes the end of its source for the end of the data, in the middle
/// of a block too, so that damage can pass for a shorter archive (there is a switch against it, but it belongs to the whole process). So a last member of our
/// own is put behind the source: only where all before it was whole does it come out as it went in.
/// </summary>
internal sealed class GzipReader : ReadingStream
{
    private static readonly byte[] Mark = "littlebox-gz-end"u8.ToArray();

    private readonly MarkedSource marked;
    private readonly GZipStream inner;
    // What came out last is held back: it may be the mark.
    private readonly byte[] buffer = new byte[1 << 16];
    private int start, end;
    private bool ended;

    public GzipReader(Stream source)
    {
        marked = new MarkedSource(source);
        inner = new GZipStream(marked, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> target)
    {
        while (!ended && end - start <= Mark.Length) Fetch();
        int length = Math.Min(target.Length, end - start - (ended ? 0 : Mark.Length));
        buffer.AsSpan(start, length).CopyTo(target);
        start += length;
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Fetch()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        int length = FetchOrEnd();
        end += length;
        if (length > 0) return;
        if (!buffer.AsSpan(0, end).EndsWith(Mark)) throw new EndOfStreamException();
        end -= Mark.Length;
        ended = true;
    }

    private int FetchOrEnd()
    {
        try
        {
            return inner.Read(buffer.AsSpan(end));
        }
        catch (InvalidDataException) when (marked.HasEnded)
        {
            // The mark was taken for the rest of something.
            throw new EndOfStreamException();
        }
    }

    private sealed class MarkedSource(Stream source) : ReadingStream
    {
        private ReadOnlyMemory<byte> last;

        /// <summary>True when all of the source, and perhaps of the mark, was given.</summary>
        public bool HasEnded { get; private set; }

        public override int Read(Span<byte> target)
        {
            if (!HasEnded)
            {
                int read = source.Read(target);
                if (read > 0 || target.IsEmpty) return read;
                HasEnded = true;
                last = Member();
            }
            int length = Math.Min(target.Length, last.Length);
            last.Span[..length].CopyTo(target);
            last = last[length..];
            return length;
        }

        // RFC 1952: a header without name or time, one stored block (RFC 1951, 3.2.4), CRC32 and length.
        private static byte[] Member()
        {
            byte[] member = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, (byte)Mark.Length, 0, (byte)~Mark.Length, 255, .. Mark, 0, 0, 0, 0, (byte)Mark.Length, 0, 0, 0];
            BinaryPrimitives.WriteUInt32LittleEndian(member.AsSpan(member.Length - 8), Crc32.Of(Mark));
            return member;
        }
    }
}
