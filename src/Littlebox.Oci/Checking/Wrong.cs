using System.Text;

namespace Littlebox.Oci;

/// <summary>What the checks of all parts share: errors, and the rules for paths, variables and lists. Texts are made only for an error.</summary>
internal static class Wrong
{
    // PATH_MAX and MAX_ARG_STRLEN (linux/limits.h, linux/binfmts.h), each with its NUL.
    private const int LongestPath = 4096, LongestString = 131_072;

    /// <summary>An error of config.json.</summary>
    public static ConfigException At(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);

    /// <summary>An error at a field whose name is data.</summary>
    public static ConfigException AtKey(string pointer, string key, string found, string allowed) => At(JsonPointer.Join(pointer, key), found, allowed);

    /// <summary>A path that begins at the root.</summary>
    /// <exception cref="ConfigException">It does not, or is longer than the kernel takes.</exception>
    public static void UnlessAbsolute(string path, Func<string> pointer, string document = "config.json")
    {
        if (!path.StartsWith('/')) throw new ConfigException(document, pointer(), Quoted.Of(path), "an absolute path");
        IfTooLong(path, pointer, document);
    }

    /// <summary>A path that the kernel takes.</summary>
    /// <exception cref="ConfigException">It is empty, or too long.</exception>
    public static void UnlessPath(string path, Func<string> pointer, string allowed)
    {
        if (path.Length == 0) throw At(pointer(), "an empty string", allowed);
        IfTooLong(path, pointer, "config.json");
    }

    /// <summary>A string for execve(2).</summary>
    /// <exception cref="ConfigException">It is longer than the kernel takes.</exception>
    public static void UnlessArgument(string text, Func<string> pointer, string document = "config.json")
    {
        // No character needs more than three bytes for each of its UTF-16 units.
        if (text.Length * 3 < LongestString || Encoding.UTF8.GetByteCount(text) < LongestString) return;
        throw new ConfigException(document, pointer(), $"{Encoding.UTF8.GetByteCount(text)} bytes", $"at most {LongestString - 1}");
    }

    /// <summary>Variables of an environment.</summary>
    /// <exception cref="ConfigException">One is not NAME=VALUE, or too long.</exception>
    public static void UnlessEnvironment(IReadOnlyList<string> variables, Func<string> pointer, string document = "config.json")
    {
        for (int i = 0; i < variables.Count; i++)
        {
            int index = i;
            if (variables[i].IndexOf('=') < 1) throw new ConfigException(document, $"{pointer()}/{i}", Quoted.Of(variables[i]), "NAME=VALUE");
            UnlessArgument(variables[i], () => $"{pointer()}/{index}", document);
        }
    }

    /// <summary>Whether this is a list of numbers as the kernel reads it (bitmap_parselist): <c>0-3,7</c>, <c>0-31:2/4</c>.</summary>
    public static bool IsNumberList(string text)
    {
        foreach (Range part in text.AsSpan().Split(','))
        {
            ReadOnlySpan<char> range = text.AsSpan()[part].Trim();
            int colon = range.IndexOf(':');
            if (colon >= 0)
            {
                ReadOnlySpan<char> group = range[(colon + 1)..];
                int slash = group.IndexOf('/');
                if (slash < 0 || Number(group[..slash]) is null || Number(group[(slash + 1)..]) is null or 0) return false;
                range = range[..colon];
            }
            int dash = range.IndexOf('-');
            int? first = Number(dash < 0 ? range : range[..dash]), last = dash < 0 ? first : Number(range[(dash + 1)..]);
            if (first is null || last is null || first > last) return false;
        }
        return true;
    }

    private static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) && number < 1 << 16 ? number : null;

    private static void IfTooLong(string path, Func<string> pointer, string document)
    {
        if (path.Length * 3 < LongestPath || Encoding.UTF8.GetByteCount(path) < LongestPath) return;
        throw new ConfigException(document, pointer(), $"a path of {Encoding.UTF8.GetByteCount(path)} bytes", $"at most {LongestPath - 1}");
    }
}
