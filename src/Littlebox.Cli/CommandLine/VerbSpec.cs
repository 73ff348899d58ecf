namespace Littlebox.Cli.CommandLine;

/// <summary>One verb of littlebox. The parser, the help, the man page and the completions all read this and nothing else. Immutable.</summary>
internal sealed record VerbSpec
{
    /// <summary>The name, one word or two: <c>run</c>, <c>ns ls</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line without a full stop, which begins in lower case.</summary>
    public required string Summary { get; init; }

    /// <summary>Does the work; returns the exit code.</summary>
    public required Func<ParsedArguments, int> Run { get; init; }

    /// <summary>The words behind the options, as the usage line shows them: <c>ROOT [COMMAND…]</c>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>What it does, in paragraphs separated by an empty line.</summary>
    public string Description { get; init; } = "";

    /// <summary>The options, <c>--help</c> excepted, which every verb has.</summary>
    public OptionSpec[] Options { get; init; } = [];

    /// <summary>The first word ends the options, since what follows belongs to another program: <c>run OPTIONS ROOT COMMAND…</c>.</summary>
    public bool StopsAtFirstWord { get; init; }

    /// <summary>The fewest words that are accepted.</summary>
    public int LeastWords { get; init; }

    /// <summary>The most words that are accepted.</summary>
    public int MostWords { get; init; }

    /// <summary>What each word stands for; the last kind counts for all further words.</summary>
    public CompletionKind[] WordKinds { get; init; } = [];

    /// <summary>The only first words that are allowed, or <c>null</c>.</summary>
    public string[]? WordChoices { get; init; }

    /// <summary>The words are the command line of this other verb: <c>explain run …</c>.</summary>
    public string? InnerVerb { get; init; }

    /// <summary>Command lines, each with what it does.</summary>
    public (string Line, string Purpose)[] Examples { get; init; } = [];

    /// <summary>Exit codes and their meanings, for the man page.</summary>
    public (string Code, string Meaning)[] ExitCodes { get; init; } = [];

    /// <summary>The exit code for a wrong command line: 125 for verbs that pass on the exit code of a command of the user's, as docker has it.</summary>
    public int UsageExitCode { get; init; } = 2;

    /// <summary>Works, but is neither in the help nor completed.</summary>
    public bool Hidden { get; init; }

    /// <summary>The option of that long name, or <c>null</c>.</summary>
    public OptionSpec? Option(ReadOnlySpan<char> name)
    {
        foreach (OptionSpec option in Options)
        {
            if (name.SequenceEqual(option.Name)) return option;
        }
        return name.SequenceEqual(HelpOption.Name) ? HelpOption : null;
    }

    /// <summary>The option of that short name, or <c>null</c>.</summary>
    public OptionSpec? Option(char shortName)
    {
        foreach (OptionSpec option in Options)
        {
            if (option.Short == shortName) return option;
        }
        return shortName == HelpOption.Short ? HelpOption : null;
    }

    /// <summary><c>-h</c>, <c>--help</c>: of every verb.</summary>
    public static OptionSpec HelpOption { get; } = new() { Name = "help", Short = 'h', Help = "print this help" };
}
