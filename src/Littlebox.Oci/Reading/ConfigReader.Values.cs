using System.Text.Json;

namespace Littlebox.Oci;

/// <content>The values.</content>
internal ref partial struct ConfigReader
{
    /// <summary>Reads one entry of a list or of a map.</summary>
    public delegate T Item<T>(ref ConfigReader reader);

    /// <summary>A string, or null.</summary>
    public string? Text()
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.String) throw Bad("a string");
        string text = json.GetString()!;
        return text.Contains('\0') ? throw Bad("a string without NUL") : text;
    }

    /// <summary>A string that says something; null and the empty one are the same, as engines write them.</summary>
    public string? TextOrNone() => Text() is { Length: > 0 } text ? text : null;

    /// <summary>A string, not null.</summary>
    public string NeededText() => Text() ?? throw Bad("a string");

    /// <summary>A list of strings.</summary>
    public IReadOnlyList<string> Texts()
    {
        if (!OpenList()) return [];
        List<string> all = [];
        while (NextItem(all.Count)) all.Add(NeededText());
        return all;
    }

    /// <summary>True, false, or null.</summary>
    public bool? Boolean() => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw Bad("true or false"),
    };

    /// <summary>A whole number, or null.</summary>
    public long? Integer(long least = long.MinValue, long most = long.MaxValue)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        bool right = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long value) && value >= least && value <= most;
        return right ? json.GetInt64() : throw Bad($"a whole number from {least} to {most}");
    }

    /// <summary>A whole number of 32 bits, or null.</summary>
    public int? Integer32() => (int?)Integer(int.MinValue, int.MaxValue);

    /// <summary>A whole number that is not negative, or null.</summary>
    public ulong? Unsigned(ulong most = ulong.MaxValue)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        bool right = json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out ulong value) && value <= most;
        return right ? json.GetUInt64() : throw Bad($"a whole number from 0 to {most}");
    }

    /// <summary>A whole number that is not negative, of 32 bits, or null.</summary>
    public uint? Unsigned32() => (uint?)Unsigned(uint.MaxValue);

    /// <summary>A whole number that is not negative, of 16 bits, or null.</summary>
    public ushort? Unsigned16() => (ushort?)Unsigned(ushort.MaxValue);

    /// <summary>One of these words: its index; or null.</summary>
    public int? Choice(string[] words)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        for (int i = 0; json.TokenType == JsonTokenType.String && i < words.Length; i++)
        {
            if (words[i].Length > 0 && json.ValueTextEquals(words[i])) return i;
        }
        throw Bad(Words.OneOf(words));
    }

    /// <summary>One of these words: its index.</summary>
    public int NeededChoice(string[] words) => Choice(words) ?? throw Bad(Words.OneOf(words));

    /// <summary>A list of these words: the bits of their indexes.</summary>
    public ulong Choices(string[] words)
    {
        ulong bits = 0;
        if (!OpenList()) return bits;
        for (int count = 0; NextItem(count); count++) bits |= 1UL << NeededChoice(words);
        return bits;
    }

    /// <summary>A list; null is the empty one.</summary>
    public IReadOnlyList<T> List<T>(Item<T> read)
    {
        if (!OpenList()) return [];
        List<T> all = [];
        while (NextItem(all.Count)) all.Add(read(ref this));
        return all;
    }

    /// <summary>An object whose fields are data, in the order of the document.</summary>
    public IReadOnlyList<KeyValuePair<string, T>> Map<T>(Item<T> read)
    {
        if (!OpenObject()) return [];
        List<KeyValuePair<string, T>> all = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (NextField()) all.Add(new(Key(seen), read(ref this)));
        return all;
    }

    /// <summary>An object whose fields are data, all strings.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TextMap() => Map(static (ref r) => r.NeededText());
}
