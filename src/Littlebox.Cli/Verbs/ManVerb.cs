using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox man [DIR]</c>.</summary>
internal static class ManVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "man",
        Summary = "write the man pages",
        Arguments = "[DIR]",
        Description = "Writes littlebox.1 and a page for each verb (littlebox-run.1, …) into a directory that exists; without DIR, prints littlebox.1.",
        MostWords = 1,
        WordKinds = [CompletionKind.Directory],
        Hidden = true,
        Run = ManCommand.Run,
    };
}
