using System.Text;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;

namespace Littlebox.Cli.Help;

/// <summary>The help that a terminal shows, from the tables.</summary>
internal static class HelpText
{
    private const int Widest = 100, Narrowest = 40, ColumnLimit = 30;

    /// <summary>The verbs, each with its summary.</summary>
    public static string Overview(int columns, Style style)
    {
        var text = new StringBuilder();
        text.Append("Littlebox runs commands in containers and shows how: no daemon, every step visible.\n\n");
        text.Append(style.Bold("Usage:")).Append(" littlebox VERB [OPTIONS] …\n\n").Append(style.Bold("Verbs")).Append('\n');
        Verbs(text, name => !VerbTable.IsGroup(name.Split(' ')[0]), columns);
        text.Append('\n').Append(style.Bold("Namespaces")).Append('\n');
        Verbs(text, name => VerbTable.IsGroup(name.Split(' ')[0]), columns);
        text.Append("\n'littlebox run' alone opens a shell in a new container.\n'littlebox VERB --help' tells all about a verb.\n");
        return text.ToString();
    }

    /// <summary>The verbs of a group: <c>ns</c>.</summary>
    public static string Group(string group, int columns, Style style)
    {
        var text = new StringBuilder();
        text.Append(style.Bold("Usage:")).Append($" littlebox {group} VERB [OPTIONS] …\n\n");
        text.Append(char.ToUpperInvariant(VerbTable.GroupSummary(group)[0])).Append(VerbTable.GroupSummary(group).AsSpan(1)).Append(".\n\n");
        Verbs(text, name => name.StartsWith(group + " ", StringComparison.Ordinal), columns);
        text.Append($"\n'littlebox {group} VERB --help' tells all about a verb.\n");
        return text.ToString();
    }

    /// <summary>All about one verb.</summary>
    public static string Verb(VerbSpec verb, int columns, Style style)
    {
        int width = Width(columns);
        var text = new StringBuilder();
        text.Append(style.Bold("Usage:")).Append(' ').Append(Usage.Line(verb)).Append("\n\n");
        foreach (string paragraph in TextLayout.Paragraphs(verb.Description))
        {
            TextLayout.Wrap(text, paragraph, indent: 0, width);
            text.Append('\n');
        }
        Options(text, verb, width, style);
        if (verb.Examples.Length > 0) text.Append(style.Bold("Examples")).Append('\n');
        foreach ((string line, string purpose) in verb.Examples)
        {
            text.Append("  ").Append(line).Append('\n');
            TextLayout.Wrap(text, purpose, indent: 6, width);
        }
        return text.ToString();
    }

    private static void Options(StringBuilder text, VerbSpec verb, int width, Style style)
    {
        int column = 0;
        foreach (OptionSpec option in OptionGroups.Visible(verb))
        {
            int length = OptionGroups.Form(option).Length + 4;
            if (length <= ColumnLimit) column = Math.Max(column, length);
        }
        foreach ((string heading, List<OptionSpec> options) in OptionGroups.Of(verb))
        {
            text.Append(style.Bold(heading)).Append('\n');
            foreach (OptionSpec option in options) TextLayout.Entry(text, OptionGroups.Form(option), OptionGroups.Help(option), column, width);
            text.Append('\n');
        }
    }

    private static void Verbs(StringBuilder text, Func<string, bool> wanted, int columns)
    {
        foreach (string name in VerbTable.Names)
        {
            VerbSpec verb = VerbTable.Find(name)!;
            if (!verb.Hidden && wanted(name)) TextLayout.Entry(text, name, verb.Summary, column: 14, Width(columns));
        }
    }

    private static int Width(int columns) => Math.Clamp(columns, Narrowest, Widest);
}
