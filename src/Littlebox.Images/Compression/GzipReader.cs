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
    private bool ended;

    public GzipReader(Stream source)
    {
        marked = new MarkedSource(source);
        inner = new GZipStream(marked, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> target)
    {
        if (ended || target.IsEmpty) return 0;
        int length = Fetch(target);
        // More is asked of the source only when all that came from it is out; so behind its end there is nothing but the mark.
        if (!marked.HasEnded) return length > 0 ? length : throw new EndOfStreamException();
        ExpectMark(target[..length]);
        ended = true;
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void ExpectMark(ReadOnlySpan<byte> begin)
    {
        byte[] found = new byte[Mark.Length + 1];
        int length = Math.Min(begin.Length, found.Length);
        begin[..length].CopyTo(found);
        for (int read; length < found.Length && (read = Fetch(found.AsSpan(length))) > 0;) length += read;
        if (!found.AsSpan(0, length).SequenceEqual(Mark)) throw new EndOfStreamException();
    }

    private int Fetch(Span<byte> target)
    {
        try
        {
            return inner.Read(target);
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
