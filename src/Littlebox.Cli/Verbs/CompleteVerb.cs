using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox __complete</c>: what the completion scripts call.</summary>
internal static class CompleteVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "__complete",
        Summary = "answer a completion script",
        Arguments = "containers | line [WORD…]",
        LeastWords = 1,
        MostWords = int.MaxValue,
        WordChoices = ["containers", "line"],
        StopsAtFirstWord = true,
        Hidden = true,
        Run = CompletionCommand.Answer,
    };
}
