using System.Buffers.Binary;

namespace Littlebox.Images.Compression.Xz;

/// <summary>The checksum behind each block, in one of the four kinds that xz writes.</summary>
internal sealed class BlockCheck
{
    private readonly int type;
    private readonly Sha256? sha256;
    private uint crc32;
    private ulong crc64;

    public BlockCheck(int type)
    {
        this.type = type;
        (Size, sha256) = type switch
        {
            0 => (0, (Sha256?)null),
            1 => (4, null),
            4 => (8, null),
            10 => (32, new Sha256()),
            _ => throw new InvalidDataException($"its check is of type {type}; none, CRC32, CRC64 and SHA-256 are known"),
        };
    }

    /// <summary>Bytes of the checksum.</summary>
    public int Size { get; }

    public void Add(ReadOnlySpan<byte> data)
    {
        if (type == 1) crc32 = Crc32.Update(crc32, data);
        else if (type == 4) crc64 = Crc64.Update(crc64, data);
        else sha256?.Add(data);
    }

    public bool Equals(ReadOnlySpan<byte> expected) => type switch
    {
        1 => BinaryPrimitives.ReadUInt32LittleEndian(expected) == crc32,
        4 => BinaryPrimitives.ReadUInt64LittleEndian(expected) == crc64,
        10 => expected.SequenceEqual(sha256!.Finish()),
        _ => true,
    };
}
