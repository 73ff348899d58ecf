namespace Littlebox.Images.Tar;

/// <summary>Numbers in header fields: octal digits, or base-256 where the first bit is set (star, GNU: large, and negative times).</summary>
internal static class TarNumber
{
    /// <summary>Reads a field; an empty one is 0. False where it is neither form, or does not fit into 64 bits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out long value) =>
        (field[0] & 0x80) != 0 ? TryBase256(field, out value) : TryOctal(field, out value);

    /// <summary>Reads a decimal number of a pax record: digits only, perhaps a minus before them.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = text is [(byte)'-', ..];
        if (negative) text = text[1..];
        if (text.IsEmpty || text.Length > 19) return false;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            if (value > (long.MaxValue - (digit - '0')) / 10) return false;
            value = value * 10 + (digit - '0');
        }
        if (negative) value = -value;
        return true;
    }

    /// <summary>Reads a time of a pax record: <c>1700000000.123456789</c>; digits below a nanosecond are cut off, towards the past.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out TarTime time)
    {
        time = default;
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text[..point];
        if (!TryDecimal(whole, out long seconds)) return false;
        uint nanoseconds = 0;
        if (point >= 0)
        {
            ReadOnlySpan<byte> fraction = text[(point + 1)..];
            for (int i = 0; i < fraction.Length; i++)
            {
                if (fraction[i] is < (byte)'0' or > (byte)'9') return false;
            }
            for (int i = 0; i < 9; i++) nanoseconds = nanoseconds * 10 + (i < fraction.Length ? (uint)(fraction[i] - '0') : 0);
        }
        // -1.25 is one and a quarter before 1970: -2 seconds and 750,000,000 nanoseconds.
        if (whole[0] == '-' && nanoseconds > 0)
        {
            if (seconds == long.MinValue) return false;
            time = new TarTime(seconds - 1, 1_000_000_000 - nanoseconds);
            return true;
        }
        time = new TarTime(seconds, nanoseconds);
        return true;
    }

    private static bool TryOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        field = field.TrimStart((byte)' ');
        int end = field.IndexOfAny((byte)0, (byte)' ');
        if (end >= 0)
        {
            if (field[end..].IndexOfAnyExcept((byte)0, (byte)' ') >= 0) return false;
            field = field[..end];
        }
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3) return false;
            value = (value << 3) | (uint)(digit - '0');
        }
        return true;
    }

    private static bool TryBase256(ReadOnlySpan<byte> field, out long value)
    {
        // Two's complement, with the topmost bit as the mark: the next bit is the sign.
        bool negative = (field[0] & 0x40) != 0;
        value = negative ? -1 : 0;
        for (int i = 0; i < field.Length; i++)
        {
            byte digit = i > 0 ? field[i] : (byte)(negative ? field[0] | 0x80 : field[0] & 0x7f);
            if (value >= 1L << 55 || value < -(1L << 55)) return false;
            value = (value << 8) | digit;
        }
        return true;
    }
}
