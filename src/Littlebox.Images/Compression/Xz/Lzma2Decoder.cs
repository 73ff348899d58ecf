using System.Buffers.Binary;

namespace Littlebox.Images.Compression.Xz;

/// <summary>
/// LZMA2: chunks of LZMA or of plain bytes, each with its sizes, over one dictionary (xz file format 1.2.1, section 5.3.1, and the xz sources' lzma2_decoder.c).
/// The window lies in a row and is moved to the front when it is full, so that matches are plain copies.
/// </summary>
internal sealed class Lzma2Decoder(XzInput input, int dictionary)
{
    private const int LargestChunk = 1 << 21, LargestCompressedChunk = 1 << 16;

    private readonly LzmaState lzma = new();
    private readonly byte[] compressed = new byte[LargestCompressedChunk];
    private byte[] window = [];
    private int given, filled;
    private bool ended, needsDictionary = true, needsProperties = true, needsState = true;

    /// <summary>Gives decoded bytes; 0 at the end of the LZMA2 data.</summary>
    public int Read(Span<byte> buffer)
    {
        while (given == filled)
        {
            if (ended) return 0;
            DecodeChunk();
        }
        int length = Math.Min(buffer.Length, filled - given);
        window.AsSpan(given, length).CopyTo(buffer);
        given += length;
        return length;
    }

    private void DecodeChunk()
    {
        byte control = input.Byte();
        if (control == 0)
        {
            ended = true;
            return;
        }
        if (control >= 0xe0 || control == 1) ResetDictionary();
        else if (needsDictionary) throw new InvalidDataException("the first chunk does not reset the dictionary");
        if (control >= 0x80) DecodeLzma(control);
        else if (control <= 2) CopyPlain();
        else throw new InvalidDataException($"a chunk begins with 0x{control:x2}");
    }

    private void DecodeLzma(byte control)
    {
        int length = ((control & 0x1f) << 16) + BinaryPrimitives.ReadUInt16BigEndian(input.Bytes(2)) + 1;
        int compressedLength = BinaryPrimitives.ReadUInt16BigEndian(input.Bytes(2)) + 1;
        if (control >= 0xc0)
        {
            if (!lzma.TrySetProperties(input.Byte())) throw new InvalidDataException("the properties of a chunk are out of range");
            needsProperties = false;
        }
        if (needsProperties) throw new InvalidDataException("the first chunk does not set its properties");
        if (control >= 0xa0)
        {
            lzma.Reset();
            needsState = false;
        }
        if (needsState) throw new InvalidDataException("a chunk does not reset the state where it must");
        MakeRoom(length);
        input.Fill(compressed.AsSpan(0, compressedLength));
        lzma.Decode(compressed.AsSpan(0, compressedLength), window, filled, length, filled, dictionary);
        filled += length;
    }

    private void CopyPlain()
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(input.Bytes(2)) + 1;
        MakeRoom(length);
        input.Fill(window.AsSpan(filled, length));
        filled += length;
    }

    private void ResetDictionary()
    {
        needsDictionary = false;
        // All was given, or no chunk would be decoded. LZMA's positions begin anew.
        given = filled = 0;
    }

    // Everything before `filled` has been given when this is called, so only the dictionary is kept.
    private void MakeRoom(int length)
    {
        if (window.Length - filled >= length) return;
        int largest = 2 * dictionary + LargestChunk;
        if (window.Length < largest)
        {
            long wanted = Math.Max(Math.Max(2L * window.Length, (long)filled + length), 1 << 20);
            Array.Resize(ref window, (int)Math.Min(wanted, largest));
            if (window.Length - filled >= length) return;
        }
        // A multiple of 16, since the lowest four bits of a position choose probabilities.
        int moved = (filled - Math.Min(filled, dictionary)) & ~15;
        window.AsSpan(moved, filled - moved).CopyTo(window);
        filled -= moved;
        given -= moved;
    }
}
