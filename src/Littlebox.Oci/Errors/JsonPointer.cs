using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Littlebox.Oci;

/// <summary>
/// Where in a document (RFC 6901). Found by reading the document a second time, up to the place: so the first reading, which succeeds nearly always,
/// need not keep account of where it is.
/// </summary>
public static class JsonPointer
{
    /// <summary>The pointer to the token that begins at this byte; where the document is no JSON before it, to the last place that was reached.</summary>
    public static string To(ReadOnlySpan<byte> document, long offset, JsonReaderOptions options)
    {
        List<Level> levels = [];
        try
        {
            Utf8JsonReader json = new(document, options);
            while (json.Read())
            {
                Enter(levels, ref json);
                if (json.TokenStartIndex >= offset) break;
                if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) levels.Add(new(json.TokenType == JsonTokenType.StartArray));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What has been reached is the answer.
        }
        return Text(levels);
    }

    /// <summary>The pointer with one more part.</summary>
    public static string Join(string pointer, string part) => $"{pointer}/{part.Replace("~", "~0").Replace("/", "~1")}";

    private static void Enter(List<Level> levels, ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            levels.RemoveAt(levels.Count - 1);
        }
        else if (json.TokenType == JsonTokenType.PropertyName)
        {
            levels[^1].Name = json.GetString();
        }
        else if (levels.Count > 0 && levels[^1].IsList)
        {
            levels[^1].Index++;
        }
    }

    private static string Text(List<Level> levels)
    {
        StringBuilder pointer = new();
        foreach (Level level in levels)
        {
            if (level.IsList && level.Index >= 0) pointer.Append('/').Append(level.Index.ToString(CultureInfo.InvariantCulture));
            else if (level.Name is { } name) pointer.Append(Join("", name));
        }
        return pointer.ToString();
    }

    private sealed class Level(bool isList)
    {
        public bool IsList { get; } = isList;

        public int Index { get; set; } = -1;

        public string? Name { get; set; }
    }
}
