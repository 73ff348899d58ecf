namespace Littlebox.Images.Tar;

/// <summary>The fields of a 512-byte header block (tar(5): v7, ustar, GNU and star agree on those used here).</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int Size = 512;

    private readonly ReadOnlySpan<byte> block = block;

    public ReadOnlySpan<byte> ModeField => block.Slice(100, 8);
    public ReadOnlySpan<byte> UidField => block.Slice(108, 8);
    public ReadOnlySpan<byte> GidField => block.Slice(116, 8);
    public ReadOnlySpan<byte> SizeField => block.Slice(124, 12);
    public ReadOnlySpan<byte> ModifyTimeField => block.Slice(136, 12);
    public byte Type => block[156];
    public ReadOnlySpan<byte> LinkName => UpToNul(block.Slice(157, 100));
    public ReadOnlySpan<byte> DeviceMajorField => block.Slice(329, 8);
    public ReadOnlySpan<byte> DeviceMinorField => block.Slice(337, 8);

    /// <summary>Old GNU sparse: four pairs of offset and length, whether an extension block follows, and the real size.</summary>
    public ReadOnlySpan<byte> SparsePairs => block.Slice(386, 4 * 24);
    public bool SparseIsExtended => block[482] != 0;
    public ReadOnlySpan<byte> SparseRealSizeField => block.Slice(483, 12);

    public bool IsGnu => block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    public bool IsZero => block.IndexOfAnyExcept((byte)0) < 0;

    private bool IsUstar => block.Slice(257, 6).SequenceEqual("ustar\0"u8);
    private bool IsStar => block.Slice(508, 4).SequenceEqual("tar\0"u8);

    /// <summary>The name, with the prefix that ustar and star have before it.</summary>
    public byte[] Name()
    {
        ReadOnlySpan<byte> name = UpToNul(block[..100]);
        // GNU keeps times and sparse maps where ustar has the prefix; star keeps times in its last 24 bytes.
        ReadOnlySpan<byte> prefix = !IsUstar ? default : UpToNul(block.Slice(345, IsStar ? 131 : 155));
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    /// <summary>Whether the checksum is right; old tars summed signed bytes.</summary>
    public bool ChecksumIsRight()
    {
        if (!TarNumber.TryParse(block.Slice(148, 8), out long expected)) return false;
        long unsignedSum = 8 * ' ', signedSum = 8 * ' ';
        for (int i = 0; i < Size; i++)
        {
            if (i is >= 148 and < 156) continue;
            unsignedSum += block[i];
            signedSum += (sbyte)block[i];
        }
        return expected == unsignedSum || expected == signedSum;
    }

    private static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
