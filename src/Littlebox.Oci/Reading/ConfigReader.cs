using System.Text.Json;

namespace Littlebox.Oci;

/// <summary>
/// Walks through a document, forwards only: <c>while (r.NextField()) { if (r.Is("path"u8, ref seen, 0)) path = r.Text(); else r.Skip(); }</c>. A value
/// <c>null</c> means what a missing field means, as engines write it. Fields that nobody asks for are left alone (spec.md, Extensibility), a field that
/// comes twice is an error, and so is one that is right but for its case, which other runtimes would take and this one would leave out.
/// </summary>
internal ref partial struct ConfigReader
{
    /// <summary>The largest document, bytes.</summary>
    public const int LargestDocument = 16 << 20;

    /// <summary>The longest list, entries.</summary>
    public const int LongestList = 100_000;

    private const int Deepest = 32;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = Deepest };

    private readonly ReadOnlySpan<byte> document;
    private readonly string name;
    private Utf8JsonReader json;

    /// <summary>At the document's first value.</summary>
    /// <exception cref="ConfigException">Too large, no UTF-8, or no JSON.</exception>
    public ConfigReader(ReadOnlySpan<byte> document, string name)
    {
        this.document = document;
        this.name = name;
        json = new(document, Options);
        if (document.Length > LargestDocument) throw new ConfigException(name, "", $"{document.Length} bytes", $"at most {LargestDocument}");
        if (!System.Text.Unicode.Utf8.IsValid(document)) throw new ConfigException(name, "", "bytes that are not UTF-8", "UTF-8");
    }

    /// <summary>To the first value.</summary>
    public void Begin() => json.Read();

    /// <summary>Behind the last value: nothing may follow.</summary>
    public void End() => json.Read();

    /// <summary>Into the object that is here; false where there is null instead.</summary>
    public bool OpenObject()
    {
        if (json.TokenType == JsonTokenType.StartObject) return true;
        return json.TokenType == JsonTokenType.Null ? false : throw Bad("an object");
    }

    /// <summary>To the object's next field; false at its end.</summary>
    public bool NextField() => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the field is this one, and if so to its value. The bit in <paramref name="seen"/> remembers that it was there.</summary>
    public bool Is(ReadOnlySpan<byte> field, ref ulong seen, int bit)
    {
        if (!json.ValueTextEquals(field))
        {
            if (json.ValueSpan.Length == field.Length && System.Text.Ascii.EqualsIgnoreCase(json.ValueSpan, field)) throw BadCase(field);
            return false;
        }
        if ((seen & (1UL << bit)) != 0) throw Twice();
        seen |= 1UL << bit;
        json.Read();
        return true;
    }

    /// <summary>Over a field that nobody asks for, with its value.</summary>
    public void Skip() => json.Skip();

    /// <summary>Into the list that is here; false where there is null instead.</summary>
    public bool OpenList()
    {
        if (json.TokenType == JsonTokenType.StartArray) return true;
        return json.TokenType == JsonTokenType.Null ? false : throw Bad("a list");
    }

    /// <summary>To the list's next entry; false at its end.</summary>
    /// <param name="count">How many there were.</param>
    public bool NextItem(int count)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndArray) return false;
        return count < LongestList ? true : throw Bad($"at most {LongestList} entries in a list");
    }

    /// <summary>The name of the field, for objects whose fields are data; then to its value.</summary>
    public string Key(HashSet<string> seen)
    {
        string key = json.GetString()!;
        if (key.Contains('\0')) throw Bad("a name without NUL");
        if (seen.Count >= LongestList) throw Bad($"at most {LongestList} fields in an object");
        if (!seen.Add(key)) throw Twice();
        json.Read();
        return key;
    }
}
