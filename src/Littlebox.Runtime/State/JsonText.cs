using System.Globalization;
using System.Text;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.State;

/// <summary>Strings as JSON (RFC 8259, section 7), for a record that is written at each start.</summary>
internal static class JsonText
{
    /// <summary>Appends a string with its quotes. Control characters, the quote, the backslash and bytes that are not UTF-8 are escaped; all else stands for itself.</summary>
    public static StringBuilder AppendJson(this StringBuilder text, string value)
    {
        text.Append('"');
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            // A byte that is not UTF-8 has no place in JSON. No text of the system has a NUL, so a NUL and two digits stand for it.
            if (SystemText.IsEscaped(c) && (i == 0 || !char.IsHighSurrogate(value[i - 1]))) text.Append(CultureInfo.InvariantCulture, $"\\u0000{c & 0xff:x2}");
            else if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        }
        return text.Append('"');
    }

    /// <summary>A string as it was before <see cref="AppendJson(StringBuilder, string)"/>.</summary>
    public static string FromJson(string value)
    {
        if (!value.Contains('\0')) return value;
        string[] parts = value.Split('\0');
        for (int i = 1; i < parts.Length; i++)
            parts[i] = (char)(0xdc00 + int.Parse(parts[i].AsSpan(0, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)) + parts[i][2..];
        return string.Concat(parts);
    }

    /// <summary>Appends an object whose values are strings.</summary>
    public static StringBuilder AppendJson(this StringBuilder text, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        text.Append('{');
        bool first = true;
        foreach ((string name, string value) in pairs)
        {
            if (!first) text.Append(',');
            first = false;
            text.AppendJson(name).Append(':').AppendJson(value);
        }
        return text.Append('}');
    }

    /// <summary>Appends an array of strings.</summary>
    public static StringBuilder AppendJson(this StringBuilder text, IReadOnlyList<string> values)
    {
        text.Append('[');
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0) text.Append(',');
            text.AppendJson(values[i]);
        }
        return text.Append(']');
    }
}
