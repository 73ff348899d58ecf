using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns gc</c>: the command line of it.</summary>
internal static class NsGcVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns gc",
        Summary = "tidy up pins that hold nothing",
        Description = """
            Removes what pins have left behind and prints it: mount points whose mount has gone, for instance after a crash; PID namespaces whose process 1 has ended, in which nothing can ever run again; directories that are empty.

            With --dead it lets go as well every pin of littlebox whose namespace nothing else holds: no process, thread, descriptor, socket, child or owned namespace, and no other mount. Network namespaces that other programs have pinned are left alone.
            """,
        Options =
        [
            new() { Name = "dead", Short = 'd', Help = "let go as well pins whose namespace nothing else holds" },
            new() { Name = "dry-run", Short = 'n', Help = "say what would go, and do nothing" },
            new() { Name = "older-than", Value = "SECONDS", Help = "leave files without a mount that are younger: another program may be about to mount there (5)" },
        ],
        Examples = [("littlebox ns gc --dry-run", "what would go")],
        Run = NsPinCommands.Collect,
    };
}
