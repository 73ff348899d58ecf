namespace Littlebox.Cli.CommandLine;

/// <summary>Reads a command line against a verb's table, as docker and getopt_long do (docs/decisions/0002-command-line-table.md).</summary>
internal static class ArgumentParser
{
    private const string False = "false";

    /// <summary>Reads the arguments behind the verb's name.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="arguments">What stands behind it.</param>
    /// <returns>What was read; where <c>--help</c> was given, the words have not been counted.</returns>
    /// <exception cref="UsageException">The command line does not fit the table.</exception>
    public static ParsedArguments Parse(VerbSpec verb, ReadOnlySpan<string> arguments)
    {
        var parsed = new ParsedArguments(verb);
        bool optionsEnded = false;
        for (int at = 0; at < arguments.Length; at++)
        {
            string argument = arguments[at];
            if (optionsEnded || argument.Length < 2 || argument[0] != '-')
            {
                parsed.Add(argument);
                optionsEnded |= verb.StopsAtFirstWord;
            }
            else if (argument == "--")
                optionsEnded = true;
            else if (argument[1] == '-')
                Long(parsed, argument, arguments, ref at);
            else
                Short(parsed, argument, arguments, ref at);
        }
        if (parsed.Has(VerbSpec.HelpOption.Name)) return parsed;
        CheckWords(parsed);
        if (verb.InnerVerb is not null) parsed.Inner = ParseInner(verb, [.. parsed.Words.Skip(1)]);
        return parsed;
    }

    // The exit code is that of the verb that was called, whose command line this is a part of.
    private static ParsedArguments ParseInner(VerbSpec outer, ReadOnlySpan<string> arguments)
    {
        try
        {
            return Parse(VerbTable.Find(outer.InnerVerb!)!, arguments);
        }
        catch (UsageException error)
        {
            throw new CommandException(error.Message, outer.UsageExitCode, error.Details);
        }
    }

    private static void Long(ParsedArguments parsed, string argument, ReadOnlySpan<string> arguments, ref int at)
    {
        int equals = argument.IndexOf('=');
        ReadOnlySpan<char> name = argument.AsSpan()[2..(equals < 0 ? argument.Length : equals)];
        OptionSpec option = parsed.Verb.Option(name) ?? throw new UsageException(parsed.Verb, Unknown(parsed.Verb, name.ToString()));
        string? attached = equals < 0 ? null : argument[(equals + 1)..];
        if (option.IsFlag)
            parsed.Add(option, Flag(parsed.Verb, option, attached));
        else if (attached is null && option.ValueOptional)
            parsed.Add(option, null);
        else
            parsed.Add(option, Checked(parsed.Verb, option, attached ?? Next(parsed.Verb, option, arguments, ref at)));
    }

    private static void Short(ParsedArguments parsed, string argument, ReadOnlySpan<string> arguments, ref int at)
    {
        for (int letter = 1; letter < argument.Length; letter++)
        {
            OptionSpec? option = parsed.Verb.Option(argument[letter]);
            if (option is null)
            {
                string whole = argument.Length > 2 ? $" in '{argument}'" : "";
                throw new UsageException(parsed.Verb, $"unknown option -{argument[letter]}{whole}");
            }
            string rest = argument[(letter + 1)..];
            if (option.IsFlag)
            {
                bool hasValue = rest.StartsWith('=');
                parsed.Add(option, Flag(parsed.Verb, option, hasValue ? rest[1..] : null));
                if (hasValue) return;
                continue;
            }
            if (rest.StartsWith('=')) rest = rest[1..];
            else if (rest.Length == 0 && !option.ValueOptional) rest = Next(parsed.Verb, option, arguments, ref at);
            parsed.Add(option, rest.Length == 0 && option.ValueOptional ? null : Checked(parsed.Verb, option, rest));
            return;
        }
    }

    private static string Next(VerbSpec verb, OptionSpec option, ReadOnlySpan<string> arguments, ref int at)
    {
        if (at + 1 >= arguments.Length) throw new UsageException(verb, $"option --{option.Name} needs a value: --{option.Name} {option.Value}");
        return arguments[++at];
    }

    private static string? Flag(VerbSpec verb, OptionSpec option, string? value) => value switch
    {
        null or "true" or "1" => null,
        "false" or "0" => False,
        _ => throw new UsageException(verb, $"--{option.Name}={value}: a flag takes true or false, or no value at all"),
    };

    private static string Checked(VerbSpec verb, OptionSpec option, string value)
    {
        if (option.Choices is null || Array.IndexOf(option.Choices, value) >= 0) return value;
        throw new UsageException(verb, $"--{option.Name}={value}: it must be one of {string.Join(", ", option.Choices)}");
    }

    private static string Unknown(VerbSpec verb, string name)
    {
        List<string> names = [VerbSpec.HelpOption.Name];
        foreach (OptionSpec option in verb.Options)
        {
            if (!option.Hidden) names.Add(option.Name);
        }
        string? nearest = Nearest.Of(name, names);
        return nearest is null ? $"unknown option --{name}" : $"unknown option --{name}; did you mean --{nearest}?";
    }

    private static void CheckWords(ParsedArguments parsed)
    {
        VerbSpec verb = parsed.Verb;
        int count = parsed.Words.Count;
        if (count < verb.LeastWords)
            throw new UsageException(verb, $"littlebox {verb.Name} needs {(count == 0 ? "" : "more words: ")}{verb.Arguments}");
        if (count > verb.MostWords)
            throw new UsageException(verb, $"littlebox {verb.Name} has no use for '{parsed.Words[verb.MostWords]}'");
        if (verb.WordChoices is not null && count > 0 && Array.IndexOf(verb.WordChoices, parsed.Words[0]) < 0)
        {
            string? nearest = Nearest.Of(parsed.Words[0], verb.WordChoices);
            string hint = nearest is null ? $"it must be one of {string.Join(", ", verb.WordChoices)}" : $"did you mean '{nearest}'?";
            throw new UsageException(verb, $"littlebox {verb.Name} does not know '{parsed.Words[0]}'; {hint}");
        }
    }
}
