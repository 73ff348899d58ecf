namespace Littlebox.OciCli.CommandLine;

/// <summary>
/// A part of the command line: flags, then words. As runc reads it: <c>--flag value</c>, <c>--flag=value</c>, one dash or two; flags end at the first word or at <c>--</c>.
/// </summary>
internal sealed class ParsedFlags
{
    private readonly List<KeyValuePair<string, string>> given = [];

    private ParsedFlags(string[] words) => Words = words;

    /// <summary>What follows the flags.</summary>
    public string[] Words { get; private set; }

    /// <summary>Reads the flags of a whole command line, up to the verb.</summary>
    /// <exception cref="UsageException">A flag is not known, or has no value.</exception>
    public static ParsedFlags ReadGlobal(ReadOnlySpan<string> arguments) => Read(arguments, GlobalFlags.All, verb: null);

    /// <summary>Reads what follows the verb.</summary>
    /// <exception cref="UsageException">A flag is not known, or has no value, or there are too few or too many words.</exception>
    public static ParsedFlags ReadVerb(ReadOnlySpan<string> arguments, Verb verb)
    {
        if (verb.TakesAnything)
        {
            var all = new ParsedFlags(arguments.ToArray());
            if (arguments.ContainsAny("--help", "-h")) all.given.Add(new("help", "true"));
            return all;
        }
        Flag[] flags = [.. verb.Flags, GlobalFlags.Help];
        ParsedFlags read = Read(verb.FlagsEndAtFirstWord ? arguments : FlagsFirst(arguments, flags), flags, verb);
        if (read.Has("help")) return read;
        int words = read.Words.Length;
        if (words >= verb.LeastWords && words <= verb.MostWords) return read;
        string number = verb.LeastWords == verb.MostWords ? $"exactly {verb.LeastWords}" : words < verb.LeastWords ? $"a minimum of {verb.LeastWords}" : $"a maximum of {verb.MostWords}";
        throw new UsageException($"littlebox-oci: \"{verb.Name}\" requires {number} argument(s)") { Verb = verb };
    }

    /// <summary>True where the flag was given, and not as <c>=false</c>.</summary>
    public bool Has(string name) => Value(name) is { } value && value is not ("false" or "0" or "f" or "F" or "FALSE" or "False");

    /// <summary>The last value of a flag, or <c>null</c>.</summary>
    public string? Value(string name)
    {
        for (int i = given.Count - 1; i >= 0; i--)
        {
            if (given[i].Key == name) return given[i].Value;
        }
        return null;
    }

    /// <summary>All values of a flag that may be given more than once, in their order.</summary>
    public List<string> Values(string name)
    {
        // Not by Where and Select: a generic virtual method is looked up with much ado, the first time.
        List<string> values = [];
        foreach ((string key, string value) in given)
        {
            if (key == name) values.Add(value);
        }
        return values;
    }

    private static ParsedFlags Read(ReadOnlySpan<string> arguments, Flag[] flags, Verb? verb)
    {
        var read = new ParsedFlags([]);
        int i = 0;
        for (; i < arguments.Length; i++)
        {
            if (arguments[i] == "--")
            {
                i++;
                break;
            }
            if (!IsFlag(arguments[i])) break;
            (string name, string? value) = Split(arguments[i]);
            Flag flag = Find(flags, name) ?? throw new UsageException($"flag provided but not defined: -{name}") { Verb = verb };
            if (flag.HasValue && value is null && ++i >= arguments.Length) throw new UsageException($"flag needs an argument: -{name}") { Verb = verb };
            if (!flag.HasValue && value is not null and not ("1" or "t" or "T" or "true" or "TRUE" or "True" or "0" or "f" or "F" or "false" or "FALSE" or "False"))
                throw new UsageException($"invalid boolean value \"{value}\" for -{name}: parse error") { Verb = verb };
            read.given.Add(new(flag.Name, value ?? (flag.HasValue ? arguments[i] : "true")));
        }
        read.Words = arguments[Math.Min(i, arguments.Length)..].ToArray();
        return read;
    }

    // A flag may stand after the words as well (`delete ID --force`); a word after a flag is taken for its value. What is no flag of the verb is a word.
    private static string[] FlagsFirst(ReadOnlySpan<string> arguments, Flag[] flags)
    {
        List<string> first = [], words = [];
        bool mayBeValue = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string word = arguments[i];
            if (word == "--")
            {
                words.AddRange(arguments[i..]);
                break;
            }
            // "-" and a negative number are values where one is wanted: `update --resources - ID`, `--memory -1`.
            if (mayBeValue && (!word.StartsWith('-') || word is "-" or ['-', >= '0' and <= '9', ..]))
            {
                mayBeValue = false;
                first.Add(word);
            }
            else if (IsFlag(word) && Find(flags, Split(word).Name) is { } flag)
            {
                mayBeValue = flag.HasValue && !word.Contains('=');
                first.Add(word);
            }
            else
            {
                // A flag that is not known comes before the words, so that it is an error and no container's id; a negative number is a word.
                if (IsFlag(word) && !char.IsAsciiDigit(word[1])) first.Add(word);
                else words.Add(word);
            }
        }
        return [.. first, .. words];
    }

    private static bool IsFlag(string word) => word.Length > 1 && word[0] == '-';

    private static (string Name, string? Value) Split(string word)
    {
        string name = word.AsSpan().StartsWith("--") ? word[2..] : word[1..];
        int equals = name.IndexOf('=');
        return equals > 0 ? (name[..equals], name[(equals + 1)..]) : (name, null);
    }

    private static Flag? Find(Flag[] flags, string name)
    {
        foreach (Flag flag in flags)
        {
            if (flag.Name == name || name.Length == 1 && flag.Short == name[0]) return flag;
        }
        return null;
    }
}
