using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Help;

/// <summary>The options of a verb below their headings, for the help and the man pages.</summary>
internal static class OptionGroups
{
    private const string Plain = "Options";

    /// <summary>The options that are shown, <c>--help</c> last.</summary>
    public static IEnumerable<OptionSpec> Visible(VerbSpec verb)
    {
        foreach (OptionSpec option in verb.Options)
        {
            if (!option.Hidden) yield return option;
        }
        yield return VerbSpec.HelpOption;
    }

    /// <summary>The headings in the order of the table, each with its options; <c>--help</c> is below the last.</summary>
    public static List<(string Heading, List<OptionSpec> Options)> Of(VerbSpec verb)
    {
        List<(string Heading, List<OptionSpec> Options)> groups = [];
        foreach (OptionSpec option in Visible(verb))
        {
            bool isHelp = ReferenceEquals(option, VerbSpec.HelpOption);
            string heading = option.Group ?? Plain;
            int at = isHelp && groups.Count == 1 ? 0 : groups.FindIndex(group => group.Heading == heading);
            if (at < 0)
            {
                groups.Add((isHelp && groups.Count > 0 ? "Help" : heading, []));
                at = groups.Count - 1;
            }
            groups[at].Options.Add(option);
        }
        return groups;
    }

    /// <summary><c>-e, --env NAME[=VALUE]</c>; without a short name the long one stands in the same column.</summary>
    public static string Form(OptionSpec option)
    {
        string names = option.Short == '\0' ? $"    --{option.Name}" : $"-{option.Short}, --{option.Name}";
        if (option.IsFlag) return names;
        return option.ValueOptional ? $"{names}[={option.Value}]" : $"{names} {option.Value}";
    }

    /// <summary>The sentence, with a note where the option may be repeated.</summary>
    public static string Help(OptionSpec option) => option.Repeats ? $"{option.Help} (repeatable)" : option.Help;
}
