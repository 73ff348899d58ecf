using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns gc</c>: the command line of it.</summary>
internal static class NsGcVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns gc",
        Summary = "tidy up pins that hold nothing",
        Description = "Removes what littlebox has left of pins: names whose mount has gone, for instance after a crash. With --all it lets go every pin that no process uses.",
        Options =
        [
            new() { Name = "all", Short = 'a', Help = "let go as well what is pinned, but used by no process" },
            new() { Name = "dry-run", Short = 'n', Help = "say what would go, and do nothing" },
        ],
        Examples = [("littlebox ns gc --dry-run", "what would go")],
        Run = NotBuiltIn.Run,
    };
}
