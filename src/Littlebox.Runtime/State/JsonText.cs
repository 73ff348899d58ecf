using System.Globalization;
using System.Text;

namespace Littlebox.Runtime.State;

/// <summary>Strings as JSON (RFC 8259, section 7), for a record that is written at each start.</summary>
internal static class JsonText
{
    /// <summary>Appends a string with its quotes. Control characters, the quote and the backslash are escaped; all else stands for itself.</summary>
    public static StringBuilder AppendJson(this StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        }
        return text.Append('"');
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
