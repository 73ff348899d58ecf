using System.Buffers.Binary;

namespace Littlebox.Images.Compression.Xz;

/// <summary>
/// Unpacks .xz (xz file format 1.2.1): several blocks, several streams and padding between them; the checks of headers, blocks, index and footer
/// are all verified. Of the filters only LZMA2 is known, which is what xz uses unless it is told otherwise.
/// </summary>
/// <remarks>
/// Of our own: docs/decisions/0005-what-we-write.md says why.
/// Damage is an <see cref="InvalidDataException"/>, an early end an <see cref="EndOfStreamException"/>. Threads: one at a time.
/// </remarks>
public sealed class XzStream : ReadingStream
{
    // xz -9 has 64 MiB; the window takes twice as much memory as it says.
    private const long LargestDictionary = 256 << 20;

    private readonly XzInput input;
    private readonly List<(long Unpadded, long Uncompressed)> blocks = [];
    private byte[] streamFlags = [];
    private Lzma2Decoder? block;
    private BlockCheck? check;
    private long blockStart, blockCompressed, blockUncompressed, produced;
    private int headerSize;
    private bool inStream, ended;

    /// <summary>Begins to read <paramref name="source"/>, which must not be read by others meanwhile, and is not closed.</summary>
    public XzStream(Stream source) => input = new XzInput(source);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (!ended)
        {
            if (block is null)
            {
                Advance();
                continue;
            }
            int length = block.Read(buffer);
            if (length > 0)
            {
                check!.Add(buffer[..length]);
                produced += length;
                return length;
            }
            EndBlock();
        }
        return 0;
    }

    private void Advance()
    {
        if (!inStream)
        {
            BeginStream();
            return;
        }
        byte size = input.Byte();
        if (size == 0) EndStream();
        else BeginBlock(size);
    }

    private void BeginStream()
    {
        ReadOnlySpan<byte> header = input.Bytes(12);
        if (header[0] != 0xfd || !header[1..6].SequenceEqual("7zXZ\0"u8)) throw new InvalidDataException("what follows is no xz stream");
        if (header[6] != 0 || header[7] > 15) throw new InvalidDataException("the flags of the stream are not known");
        XzInput.CheckCrc32(header.Slice(6, 2), header[8..], "the stream's header");
        streamFlags = header.Slice(6, 2).ToArray();
        blocks.Clear();
        inStream = true;
    }

    // Section 3.1.
    private void BeginBlock(byte size)
    {
        blockStart = input.Taken - 1;
        headerSize = (size + 1) * 4;
        byte[] header = new byte[headerSize];
        header[0] = size;
        input.Fill(header.AsSpan(1));
        XzInput.CheckCrc32(header.AsSpan(0, headerSize - 4), header.AsSpan(headerSize - 4), "a block's header");
        int flags = header[1];
        ReadOnlySpan<byte> rest = header.AsSpan(2, headerSize - 6);
        if ((flags & 0x3c) != 0) throw new InvalidDataException("the flags of a block are not known");
        blockCompressed = (flags & 0x40) != 0 ? XzInput.Number(ref rest) : -1;
        blockUncompressed = (flags & 0x80) != 0 ? XzInput.Number(ref rest) : -1;
        long filter = XzInput.Number(ref rest);
        if ((flags & 3) != 0 || filter != 0x21)
            throw new InvalidDataException("it uses a filter beside LZMA2, such as --x86 or --delta; compress it again with plain xz");
        if (XzInput.Number(ref rest) != 1 || rest.IsEmpty || rest[0] > 40) throw new InvalidDataException("the properties of LZMA2 are out of range");
        int bits = rest[0];
        if (rest[1..].IndexOfAnyExcept((byte)0) >= 0) throw new InvalidDataException("the padding of a block's header is not zero");
        long dictionary = bits == 40 ? uint.MaxValue : (2L | (long)(bits & 1)) << (bits / 2 + 11);
        if (dictionary > LargestDictionary) throw new InvalidDataException($"its dictionary has {dictionary >> 20} MiB, more than the {LargestDictionary >> 20} that are allowed; compress it again with xz -9 or less");
        block = new Lzma2Decoder(input, (int)dictionary);
        check = new BlockCheck(streamFlags[1]);
        produced = 0;
    }

    private void EndBlock()
    {
        long compressed = input.Taken - blockStart - headerSize;
        if ((blockCompressed >= 0 && compressed != blockCompressed) || (blockUncompressed >= 0 && produced != blockUncompressed))
            throw new InvalidDataException("a block does not have the size that its header says");
        SkipPadding(compressed);
        if (!check!.Equals(input.Bytes(check.Size))) throw new InvalidDataException("the checksum of a block is wrong");
        blocks.Add((headerSize + compressed + check.Size, produced));
        block = null;
    }

    // Sections 2.1.2 and 4: the index repeats the sizes of all blocks, the footer the flags.
    private void EndStream()
    {
        long start = input.Taken - 1;
        uint crc = Crc32.Of([0]);
        if (IndexNumber(ref crc) != blocks.Count) throw new InvalidDataException("the index has another number of blocks");
        foreach ((long unpadded, long uncompressed) in blocks)
        {
            if (IndexNumber(ref crc) != unpadded || IndexNumber(ref crc) != uncompressed) throw new InvalidDataException("the index has other sizes than the blocks");
        }
        while ((input.Taken - start) % 4 != 0)
        {
            byte padding = input.Byte();
            if (padding != 0) throw new InvalidDataException("the padding of the index is not zero");
            crc = Crc32.Update(crc, [padding]);
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(input.Bytes(4)) != crc) throw new InvalidDataException("the checksum of the index is wrong");
        long indexSize = input.Taken - start;
        ReadOnlySpan<byte> footer = input.Bytes(12);
        XzInput.CheckCrc32(footer.Slice(4, 6), footer, "the stream's footer");
        if ((BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * 4 != indexSize || !footer.Slice(8, 2).SequenceEqual(streamFlags) || !footer[10..].SequenceEqual("YZ"u8))
            throw new InvalidDataException("the stream's footer does not fit it");
        inStream = false;
        SkipStreamPadding();
    }

    private long IndexNumber(ref uint crc)
    {
        Span<byte> digits = stackalloc byte[9];
        int length = 0;
        do
        {
            if (length == 9) throw new InvalidDataException("a number is not written as it should be");
            digits[length] = input.Byte();
        }
        while (digits[length++] >= 0x80);
        crc = Crc32.Update(crc, digits[..length]);
        ReadOnlySpan<byte> data = digits[..length];
        return XzInput.Number(ref data);
    }

    private void SkipPadding(long length)
    {
        for (long i = length; i % 4 != 0; i++)
        {
            if (input.Byte() != 0) throw new InvalidDataException("the padding of a block is not zero");
        }
    }

    // Zeros in fours may follow a stream; then the end, or another stream.
    private void SkipStreamPadding()
    {
        int zeros = 0;
        while (!input.IsAtEnd() && input.Peek() == 0)
        {
            input.Byte();
            zeros++;
        }
        if (zeros % 4 != 0) throw new InvalidDataException("the padding behind a stream is not a multiple of four bytes");
        ended = input.IsAtEnd();
    }
}
