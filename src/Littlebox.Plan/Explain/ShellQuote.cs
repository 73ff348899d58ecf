namespace Littlebox.Plan.Explain;

/// <summary>Words for bash.</summary>
public static class ShellQuote
{
    /// <summary>The word as bash reads it back: unquoted where that is safe, else in single quotes.</summary>
    public static string Word(string word)
    {
        if (word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=' or ':' or ',' or '@' or '%' or '+')) return word;
        return "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    /// <summary>Several words.</summary>
    public static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(Word));
}
