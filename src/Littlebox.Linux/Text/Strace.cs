using System.Globalization;
using System.Text;

namespace Littlebox.Linux.Text;

/// <summary>Prints arguments of system calls as strace(1) does.</summary>
public static class Strace
{
    /// <summary>The value that stands for the current directory in the *at calls (AT_FDCWD).</summary>
    public const int CurrentDirectory = -100;

    private const int LongestString = 256;

    /// <summary>Quotes a string; control characters and quotes are escaped, and what is longer than 256 bytes is cut with <c>…</c>.</summary>
    public static string Quote(string value) => Quote(SystemText.Bytes(value));

    /// <summary>Quotes bytes as <see cref="Quote(string)"/> does; bytes that are not UTF-8 print as <c>\xNN</c>.</summary>
    public static string Quote(ReadOnlySpan<byte> value)
    {
        bool cut = value.Length > LongestString;
        return $"\"{Escape(cut ? value[..LongestString] : value)}\"{(cut ? "…" : "")}";
    }

    /// <summary>The whole of a text, escaped as <see cref="Quote(string)"/> does, without quotes around it and however long.</summary>
    public static string Escape(string value) => Escape(SystemText.Bytes(value));

    private static string Escape(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder();
        while (!value.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(value, out Rune rune, out int used) != System.Buffers.OperationStatus.Done || SteersTerminal(rune))
            {
                foreach (byte one in value[..used]) text.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
            }
            else
            {
                Append(text, rune);
            }
            value = value[used..];
        }
        return text.ToString();
    }

    // C1 controls (U+009B is what ESC [ is), the separators of lines and paragraphs, and the marks that turn the order of the text around:
    // a path of a container must not be able to paint over the message that names it.
    private static bool SteersTerminal(Rune rune) => rune.Value is >= 0x80 and <= 0x9f or 0x200e or 0x200f or (>= 0x2028 and <= 0x202e) or (>= 0x2066 and <= 0x2069);

    /// <summary>A descriptor and, where /proc tells it, what it points at: <c>7&lt;/srv/root&gt;</c>; AT_FDCWD by its name.</summary>
    public static string Descriptor(int number)
    {
        if (number == CurrentDirectory) return "AT_FDCWD";
        string? target = number < 0 ? null : Kernel.TryReadLink($"/proc/self/fd/{number}");
        return target is null ? number.ToString(CultureInfo.InvariantCulture) : $"{number}<{Escape(SystemText.Bytes(target))}>";
    }

    /// <summary>The names of the bits set in <paramref name="value"/>, joined by <c>|</c>; bits without a name in hexadecimal.</summary>
    public static string Flags(ulong value, params ReadOnlySpan<(ulong Bit, string Name)> names)
    {
        var text = new StringBuilder();
        foreach ((ulong bit, string name) in names)
        {
            if (bit == 0 || (value & bit) != bit) continue;
            text.Append(text.Length > 0 ? "|" : "").Append(name);
            value &= ~bit;
        }
        if (value != 0 || text.Length == 0) text.Append(text.Length > 0 ? "|" : "").Append(value == 0 ? "0" : $"0x{value:x}");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': text.Append("\\\""); break;
            case '\\': text.Append("\\\\"); break;
            case '\n': text.Append("\\n"); break;
            case '\r': text.Append("\\r"); break;
            case '\t': text.Append("\\t"); break;
            case 0: text.Append("\\0"); break;
            case < 0x20 or 0x7f: text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            default: text.Append(rune.ToString()); break;
        }
    }
}
