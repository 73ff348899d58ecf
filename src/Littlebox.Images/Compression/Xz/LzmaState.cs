namespace Littlebox.Images.Compression.Xz;

/// <summary>The probabilities and the memory of an LZMA decoder, which live from chunk to chunk ("LZMA specification", I. Pavlov).</summary>
internal sealed class LzmaState
{
    private const int States = 12, PositionStates = 16, LengthStates = 4, EndSlot = 14, FirstLength = 2;

    private readonly ushort[] isMatch = new ushort[States * PositionStates];
    private readonly ushort[] isRepeat = new ushort[States];
    private readonly ushort[] isRepeat0 = new ushort[States];
    private readonly ushort[] isRepeat1 = new ushort[States];
    private readonly ushort[] isRepeat2 = new ushort[States];
    private readonly ushort[] isRepeat0Long = new ushort[States * PositionStates];
    private readonly ushort[] slots = new ushort[LengthStates * 64];
    private readonly ushort[] distances = new ushort[1 + 128 - EndSlot];
    private readonly ushort[] align = new ushort[16];
    private readonly ushort[] literals = new ushort[0x300 << 4];
    private readonly LengthCoder matchLength = new(), repeatLength = new();
    private int literalContext, literalMask, positionMask;
    private int state;
    private int repeat0, repeat1, repeat2, repeat3;

    /// <summary>Sets the three parameters, packed as <c>(pb * 5 + lp) * 9 + lc</c>; false where they are out of range.</summary>
    public bool TrySetProperties(byte packed)
    {
        if (packed >= 9 * 5 * 5) return false;
        int lc = packed % 9, lp = packed / 9 % 5, pb = packed / 45;
        if (lc + lp > 4) return false; // LZMA2's own limit, which the array of literals relies on
        (literalContext, literalMask, positionMask) = (lc, (1 << lp) - 1, (1 << pb) - 1);
        return true;
    }

    /// <summary>Forgets all that was learnt.</summary>
    public void Reset()
    {
        foreach (ushort[] probabilities in (ReadOnlySpan<ushort[]>)[isMatch, isRepeat, isRepeat0, isRepeat1, isRepeat2, isRepeat0Long, slots, distances, align, literals])
            Array.Fill(probabilities, (ushort)1024);
        matchLength.Reset();
        repeatLength.Reset();
        state = repeat0 = repeat1 = repeat2 = repeat3 = 0;
    }

    /// <summary>Decodes one chunk.</summary>
    /// <param name="input">All of the chunk's compressed bytes.</param>
    /// <param name="output">The window: what was decoded before, and room for the chunk.</param>
    /// <param name="start">Where in <paramref name="output"/> the chunk goes.</param>
    /// <param name="length">How many bytes the chunk has when decoded.</param>
    /// <param name="reach">How far back a match may look from <paramref name="start"/>.</param>
    /// <param name="dictionary">How far back a match may ever look.</param>
    public void Decode(ReadOnlySpan<byte> input, Span<byte> output, int start, int length, int reach, int dictionary)
    {
        var range = new RangeDecoder(input);
        int position = start, end = start + length;
        while (position < end)
        {
            // The positions of LZMA count from the last reset of the dictionary; the window keeps that modulo 16.
            int positionState = position & positionMask;
            if (range.Bit(ref isMatch[(state << 4) + positionState]) == 0)
            {
                int available = Math.Min(reach + (position - start), dictionary);
                DecodeLiteral(ref range, output, position, available);
                position++;
                continue;
            }
            int count = DecodeMatch(ref range, positionState);
            if (count < 0) count = 1;
            int farthest = Math.Min(reach + (position - start), dictionary);
            if ((uint)repeat0 >= (uint)farthest) throw new InvalidDataException("a match points before the start");
            if (count > end - position) throw new InvalidDataException("a match is longer than its chunk");
            Copy(output, position, repeat0 + 1, count);
            position += count;
        }
        if (!range.IsFinished) throw new InvalidDataException("a chunk is longer than what it holds");
    }

    private void DecodeLiteral(ref RangeDecoder range, Span<byte> output, int position, int available)
    {
        int previous = available > 0 ? output[position - 1] : 0;
        int context = ((position & literalMask) << literalContext) + (previous >> (8 - literalContext));
        Span<ushort> probabilities = literals.AsSpan(0x300 * context, 0x300);
        int symbol = 1;
        if (state >= 7)
        {
            if ((uint)repeat0 >= (uint)available) throw new InvalidDataException("a match points before the start");
            int match = output[position - repeat0 - 1];
            int offset = 0x100;
            while (symbol < 0x100)
            {
                match <<= 1;
                int matchBit = match & offset;
                int bit = range.Bit(ref probabilities[offset + matchBit + symbol]);
                symbol = (symbol << 1) | bit;
                offset &= bit != 0 ? matchBit : ~matchBit;
            }
        }
        else
        {
            while (symbol < 0x100) symbol = (symbol << 1) | range.Bit(ref probabilities[symbol]);
        }
        output[position] = (byte)symbol;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
    }

    // The length of a match whose distance is now in repeat0; -1 for a single byte from there.
    private int DecodeMatch(ref RangeDecoder range, int positionState)
    {
        if (range.Bit(ref isRepeat[state]) == 0)
        {
            (repeat3, repeat2, repeat1) = (repeat2, repeat1, repeat0);
            int length = matchLength.Decode(ref range, positionState);
            state = state < 7 ? 7 : 10;
            repeat0 = DecodeDistance(ref range, length);
            return length + FirstLength;
        }
        if (range.Bit(ref isRepeat0[state]) == 0)
        {
            if (range.Bit(ref isRepeat0Long[(state << 4) + positionState]) == 0)
            {
                state = state < 7 ? 9 : 11;
                return -1;
            }
        }
        else if (range.Bit(ref isRepeat1[state]) == 0) (repeat0, repeat1) = (repeat1, repeat0);
        else if (range.Bit(ref isRepeat2[state]) == 0) (repeat0, repeat1, repeat2) = (repeat2, repeat0, repeat1);
        else (repeat0, repeat1, repeat2, repeat3) = (repeat3, repeat0, repeat1, repeat2);
        int repeated = repeatLength.Decode(ref range, positionState);
        state = state < 7 ? 8 : 11;
        return repeated + FirstLength;
    }

    private int DecodeDistance(ref RangeDecoder range, int length)
    {
        int slot = range.Tree(slots.AsSpan(Math.Min(length, LengthStates - 1) << 6, 64), 6);
        if (slot < 4) return slot;
        int bits = (slot >> 1) - 1;
        uint distance = (2 | ((uint)slot & 1)) << bits;
        if (slot < EndSlot) return (int)distance + range.ReverseTree(distances.AsSpan((int)distance - slot), bits);
        distance += range.Direct(bits - 4) << 4;
        // 0xffffffff is LZMA's own end marker, which LZMA2 does not have; as -1 it points before the start.
        return (int)(distance + (uint)range.ReverseTree(align, 4));
    }

    private static void Copy(Span<byte> output, int position, int distance, int count)
    {
        if (distance >= count)
        {
            output.Slice(position - distance, count).CopyTo(output[position..]);
            return;
        }
        for (int i = 0; i < count; i++) output[position + i] = output[position + i - distance];
    }

    private sealed class LengthCoder
    {
        private readonly ushort[] choice = new ushort[2];
        private readonly ushort[] low = new ushort[PositionStates << 3];
        private readonly ushort[] middle = new ushort[PositionStates << 3];
        private readonly ushort[] high = new ushort[256];

        public void Reset()
        {
            foreach (ushort[] probabilities in (ReadOnlySpan<ushort[]>)[choice, low, middle, high]) Array.Fill(probabilities, (ushort)1024);
        }

        public int Decode(ref RangeDecoder range, int positionState)
        {
            if (range.Bit(ref choice[0]) == 0) return range.Tree(low.AsSpan(positionState << 3, 8), 3);
            if (range.Bit(ref choice[1]) == 0) return 8 + range.Tree(middle.AsSpan(positionState << 3, 8), 3);
            return 16 + range.Tree(high, 8);
        }
    }
}
