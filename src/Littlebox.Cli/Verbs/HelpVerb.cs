using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Help;
using Littlebox.Cli.Terminal;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox help [VERB]</c>.</summary>
internal static class HelpVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "help",
        Summary = "print the help of a verb",
        Arguments = "[VERB]",
        Description = "Prints the help of a verb, as 'littlebox VERB --help' does; without VERB, the list of verbs.",
        MostWords = 2,
        WordKinds = [CompletionKind.Verb],
        Examples = [("littlebox help run", "the help of run"), ("littlebox help ns", "the verbs about namespaces")],
        Run = Run,
    };

    private static int Run(ParsedArguments arguments)
    {
        Output.Write(Text([.. arguments.Words]));
        return 0;
    }

    private static string Text(ReadOnlySpan<string> words)
    {
        int columns = Output.Columns(Output.Out);
        Style style = Style.For(Output.Out);
        if (words.IsEmpty) return HelpText.Overview(columns, style);
        if (VerbTable.Find(words, out int used) is { } verb && used == words.Length) return HelpText.Verb(verb, columns, style);
        if (VerbTable.IsGroup(words[0]) && words.Length == 1) return HelpText.Group(words[0], columns, style);
        throw UnknownVerb.Error(words);
    }
}
