using System.Text;
using System.Text.Unicode;

namespace Littlebox.Linux.Text;

/// <summary>
/// Text of the system (names, arguments, variables) as strings, and back without a loss: it is UTF-8 by custom only. A byte that is no part of UTF-8 is a
/// lone surrogate, U+DC00 and its value, in the string, as Python has it (PEP 383). Threads: any.
/// </summary>
public static class SystemText
{
    private const int Escaped = 0xdc00, FirstEscaped = 0xdc80, LastEscaped = 0xdcff;

    /// <summary>The string for bytes of the system.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done) text.Append(rune.ToString());
            else foreach (byte one in bytes[..used]) text.Append((char)(Escaped + one));
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    /// <summary>How many bytes the system sees of a string.</summary>
    public static int Count(string text)
    {
        int count = Encoding.UTF8.GetByteCount(text);
        // Each counted as the three bytes of U+FFFD.
        for (int at = NextEscaped(text, 0); at >= 0; at = NextEscaped(text, at + 1)) count -= 2;
        return count;
    }

    /// <summary>Writes the bytes that the system sees of a string; there must be room for <see cref="Count"/>.</summary>
    public static void Encode(string text, Span<byte> bytes)
    {
        int start = 0;
        for (int at = NextEscaped(text, 0); at >= 0; at = NextEscaped(text, start))
        {
            bytes = bytes[Encoding.UTF8.GetBytes(text.AsSpan(start, at - start), bytes)..];
            bytes[0] = (byte)(text[at] - Escaped);
            bytes = bytes[1..];
            start = at + 1;
        }
        Encoding.UTF8.GetBytes(text.AsSpan(start), bytes);
    }

    /// <summary>The bytes that the system sees of a string.</summary>
    public static byte[] Bytes(string text)
    {
        byte[] bytes = new byte[Count(text)];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>True where a character stands for a byte that is no part of UTF-8; given one that is not the second of a pair.</summary>
    public static bool IsEscaped(char character) => character is >= (char)FirstEscaped and <= (char)LastEscaped;

    // The second half of a pair may have the same value, and is none.
    private static int NextEscaped(string text, int from)
    {
        while (true)
        {
            int found = text.AsSpan(from).IndexOfAnyInRange((char)FirstEscaped, (char)LastEscaped);
            if (found < 0) return -1;
            from += found;
            if (from == 0 || !char.IsHighSurrogate(text[from - 1])) return from;
            from++;
        }
    }
}
