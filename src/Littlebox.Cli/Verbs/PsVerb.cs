using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ps</c>: the command line of it.</summary>
internal static class PsVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ps",
        Summary = "list the running containers",
        Description = "Lists the containers of this user that run: name, process ID of the command, when it was started, root and command. The kernel is asked for each; what has died without leave is tidied up on the way.",
        Options =
        [
            new() { Name = "json", Help = "print JSON, one array of objects" },
            new() { Name = "quiet", Short = 'q', Help = "print the names only" },
        ],
        Examples = [("littlebox ps", "a table"), ("littlebox ps -q", "names, for scripts")],
        Run = PsCommand.Run,
    };
}
