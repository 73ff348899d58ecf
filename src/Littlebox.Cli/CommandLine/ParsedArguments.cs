namespace Littlebox.Cli.CommandLine;

/// <summary>A command line that has been read against its verb's table. Not for use by two threads while it is being filled.</summary>
internal sealed class ParsedArguments
{
    private readonly List<(OptionSpec Option, string? Value)> given = [];
    private readonly List<string> words = [];

    /// <summary>Made by <see cref="ArgumentParser"/>.</summary>
    public ParsedArguments(VerbSpec verb) => Verb = verb;

    /// <summary>The verb that it belongs to.</summary>
    public VerbSpec Verb { get; }

    /// <summary>What is not an option, in order: <c>ROOT COMMAND…</c>.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>The words from one on: <c>COMMAND…</c>; none where there are not so many.</summary>
    public string[] WordsFrom(int first) => words.Count <= first ? [] : words.GetRange(first, words.Count - first).ToArray();

    /// <summary>The words, read as the command line of <see cref="VerbSpec.InnerVerb"/>: what <c>explain run …</c> explains; otherwise <c>null</c>.</summary>
    public ParsedArguments? Inner { get; internal set; }

    /// <summary>True when the option was given; for a flag, when its last occurrence did not say <c>=false</c>.</summary>
    public bool Has(string name)
    {
        bool has = false;
        foreach ((OptionSpec option, string? value) in given)
        {
            if (option.Name == name) has = !option.IsFlag || value is null;
        }
        return has;
    }

    /// <summary>The value of the last occurrence; <c>null</c> where the option was not given, or given without its optional value.</summary>
    public string? Value(string name)
    {
        string? last = null;
        foreach ((OptionSpec option, string? value) in given)
        {
            if (option.Name == name) last = value;
        }
        return last;
    }

    /// <summary>The values of all occurrences, in order.</summary>
    public IReadOnlyList<string> Values(string name)
    {
        List<string> values = [];
        foreach ((OptionSpec option, string? value) in given)
        {
            if (option.Name == name && value is not null) values.Add(value);
        }
        return values;
    }

    /// <summary>The error for a value that the verb cannot use: <c>--net=foo: SENTENCE</c>, with the usage line; to be thrown.</summary>
    /// <param name="name">The option's long name.</param>
    /// <param name="value">The value as it was given.</param>
    /// <param name="sentence">What is wrong with it, and the valid forms.</param>
    public UsageException Reject(string name, string value, string sentence) => new(Verb, $"--{name}={value}: {sentence}");

    internal void Add(OptionSpec option, string? value) => given.Add((option, value));

    internal void Add(string word) => words.Add(word);
}
