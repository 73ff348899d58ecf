using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns tree</c>: the command line of it.</summary>
internal static class NsTreeVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns tree",
        Summary = "show namespaces as a tree of parents and owners",
        Description = "Shows the user namespaces below their parents, and below each the namespaces that it owns; PID namespaces below their parents. Who owns a namespace decides whose capabilities count in it.",
        Options = [new() { Name = "json", Help = "print JSON" }],
        Examples = [("littlebox ns tree", "the whole tree")],
        Run = NsTreeCommand.Run,
    };
}
