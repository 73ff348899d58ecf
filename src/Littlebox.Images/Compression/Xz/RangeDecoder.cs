using System.Runtime.CompilerServices;

namespace Littlebox.Images.Compression.Xz;

/// <summary>LZMA's range decoder over one chunk in memory ("LZMA specification", I. Pavlov).</summary>
internal ref struct RangeDecoder
{
    private readonly ReadOnlySpan<byte> input;
    private int position;
    private uint range, code;

    /// <summary>Begins a chunk: a zero, then four bytes of code.</summary>
    public RangeDecoder(ReadOnlySpan<byte> input)
    {
        if (input.Length < 5 || input[0] != 0) throw new InvalidDataException("a chunk does not begin as it should");
        this.input = input;
        code = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(input[1..]);
        range = uint.MaxValue;
        position = 5;
    }

    /// <summary>True when all of the chunk was used and nothing is left over.</summary>
    public bool IsFinished
    {
        get
        {
            Normalize();
            return position == input.Length && code == 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bit(ref ushort probability)
    {
        Normalize();
        uint bound = (range >> 11) * probability;
        if (code < bound)
        {
            range = bound;
            probability += (ushort)((2048 - probability) >> 5);
            return 0;
        }
        range -= bound;
        code -= bound;
        probability -= (ushort)(probability >> 5);
        return 1;
    }

    /// <summary>A number of <paramref name="bits"/> bits, the highest first.</summary>
    public int Tree(Span<ushort> probabilities, int bits)
    {
        int symbol = 1;
        for (int i = 0; i < bits; i++) symbol = (symbol << 1) | Bit(ref probabilities[symbol]);
        return symbol - (1 << bits);
    }

    /// <summary>A number of <paramref name="bits"/> bits, the lowest first.</summary>
    public int ReverseTree(Span<ushort> probabilities, int bits)
    {
        int symbol = 1, value = 0;
        for (int i = 0; i < bits; i++)
        {
            int bit = Bit(ref probabilities[symbol]);
            symbol = (symbol << 1) | bit;
            value |= bit << i;
        }
        return value;
    }

    /// <summary>Bits without a probability.</summary>
    public uint Direct(int bits)
    {
        uint value = 0;
        while (bits-- > 0)
        {
            Normalize();
            range >>= 1;
            code -= range;
            uint sign = 0 - (code >> 31);
            code += range & sign;
            value = (value << 1) + sign + 1;
        }
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Normalize()
    {
        if (range >= 1u << 24) return;
        if ((uint)position >= (uint)input.Length) throw new InvalidDataException("a chunk is shorter than what it holds");
        range <<= 8;
        code = (code << 8) | input[position++];
    }
}
