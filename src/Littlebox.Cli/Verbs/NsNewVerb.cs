using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns new</c>: the command line of it.</summary>
internal static class NsNewVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns new",
        Summary = "make namespaces that need no process",
        Arguments = "NAME",
        Description = "Makes new namespaces, and keeps them by a bind mount under NAME until 'littlebox ns unpin'. Enter them with 'littlebox ns enter NAME', or give them to a container with --net=ns:PATH. A network namespace appears to ip-netns(8) as well. A PID namespace cannot be kept without a process, since it ends with its process 1.",
        LeastWords = 1,
        MostWords = 1,
        Options = [.. NamespaceOptions.Flags("make a"), new() { Name = "map-root", Short = 'r', Help = "with --user: we are root inside, and nobody else is there" }],
        Examples = [("littlebox ns new --net --uts lab", "a network and a hostname, for whoever enters 'lab'")],
        Run = NsPinCommands.New,
    };
}
