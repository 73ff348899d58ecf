using System.Buffers.Binary;

namespace Littlebox.Images.Compression.Xz;

/// <summary>The compressed bytes, read ahead and counted. Ends too early: <see cref="EndOfStreamException"/>.</summary>
internal sealed class XzInput(Stream source)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly byte[] small = new byte[1024];
    private int start, end;

    /// <summary>How many bytes were taken.</summary>
    public long Taken { get; private set; }

    /// <summary>True where nothing follows.</summary>
    public bool IsAtEnd()
    {
        if (start < end) return false;
        start = 0;
        end = source.Read(buffer);
        return end == 0;
    }

    /// <summary>The next byte, which is there (<see cref="IsAtEnd"/>), without taking it.</summary>
    public byte Peek() => buffer[start];

    /// <summary>One byte.</summary>
    public byte Byte()
    {
        if (IsAtEnd()) throw new EndOfStreamException();
        Taken++;
        return buffer[start++];
    }

    /// <summary>The next bytes, at most 1024, valid until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(int length)
    {
        Span<byte> target = small.AsSpan(0, length);
        Fill(target);
        return target;
    }

    /// <summary>Fills <paramref name="target"/>.</summary>
    public void Fill(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            if (IsAtEnd()) throw new EndOfStreamException();
            int length = Math.Min(target.Length, end - start);
            buffer.AsSpan(start, length).CopyTo(target);
            start += length;
            Taken += length;
            target = target[length..];
        }
    }

    /// <summary>A number of the xz format: seven bits a byte, the lowest first, 63 bits at most.</summary>
    public static long Number(ref ReadOnlySpan<byte> data)
    {
        long value = 0;
        for (int i = 0; i < 9; i++)
        {
            if (data.IsEmpty) break;
            byte part = data[0];
            data = data[1..];
            value |= (long)(part & 0x7f) << (7 * i);
            if (part < 0x80)
            {
                if (part == 0 && i > 0) break; // not the shortest form
                return value;
            }
        }
        throw new InvalidDataException("a number is not written as it should be");
    }

    /// <summary>Compares the CRC32 that the file has with that of <paramref name="data"/>.</summary>
    public static void CheckCrc32(ReadOnlySpan<byte> data, ReadOnlySpan<byte> expected, string what)
    {
        if (Crc32.Of(data) != BinaryPrimitives.ReadUInt32LittleEndian(expected)) throw new InvalidDataException($"the checksum of {what} is wrong");
    }
}
