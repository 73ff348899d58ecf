using System.Globalization;
using System.Text;

namespace Littlebox.Oci;

/// <summary>Text of a document within a sentence: in quotes, short, and without what would confuse a terminal.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>The text in quotes; control characters are escaped, what is beyond 80 characters is left out.</summary>
    public static string Of(string text)
    {
        StringBuilder shown = new("\"");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            if (c is '"' or '\\') shown.Append('\\').Append(c);
            else if (char.IsControl(c) || char.IsSurrogate(c)) shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else shown.Append(c);
        }
        return shown.Append(text.Length > Longest ? "…\"" : "\"").ToString();
    }
}
