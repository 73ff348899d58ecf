using System.Text;
using System.Text.Json;

namespace Littlebox.Oci;

/// <content>What is said of a document that is refused.</content>
internal ref partial struct ConfigReader
{
    /// <summary>What is here must not be here.</summary>
    public readonly ConfigException Bad(string allowed) => new(name, Pointer(), Found(), allowed);

    /// <summary>A field is missing in the object whose end is here.</summary>
    public readonly ConfigException Missing(string field, string allowed) => new(name, JsonPointer.Join(Pointer(), field), "nothing", allowed);

    /// <summary>What a reader of JSON threw, said with the place.</summary>
    public readonly ConfigException NotJson(Exception problem)
    {
        if (problem is not JsonException wrong) return new(name, Pointer(), "an escape that is no character", "text of Unicode");
        if (TooDeep()) return new(name, "", $"more than {Deepest} objects and lists within one another", $"at most {Deepest}");
        string place = $"line {(wrong.LineNumber ?? 0) + 1}, byte {(wrong.BytePositionInLine ?? 0) + 1}";
        bool over = json.CurrentDepth == 0 && json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
        if (over) return new(name, "", $"something behind the end of the document ({place})", "one JSON value");
        return new(name, JsonPointer.To(document, long.MaxValue, Options), $"what is not JSON ({place})", "JSON (RFC 8259)");
    }

    // The reader does not say why it threw, and a field that is skipped leaves it where it was before: so the document is read again, allowed to be deeper.
    private readonly bool TooDeep()
    {
        Utf8JsonReader again = new(document, Options with { MaxDepth = 2 * Deepest });
        try
        {
            while (again.Read())
            {
                if (again.CurrentDepth >= Deepest) return true;
            }
        }
        catch (JsonException)
        {
            return false;
        }
        return false;
    }

    private readonly ConfigException Twice() => new(name, Pointer(), "the same field a second time", "each field once");

    private readonly ConfigException BadCase(ReadOnlySpan<byte> field) =>
        new(name, Pointer(), $"the field {Quoted.Of(Encoding.UTF8.GetString(json.ValueSpan))}", Quoted.Of(Encoding.UTF8.GetString(field)));

    private readonly string Pointer() => JsonPointer.To(document, json.TokenStartIndex, Options);

    private readonly string Found() => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(json.ValueSpan.Length, 40)]),
        _ => Quoted.Of(json.GetString()!),
    };
}
