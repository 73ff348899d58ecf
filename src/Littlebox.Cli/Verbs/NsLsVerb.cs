using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns ls</c>: the command line of it.</summary>
internal static class NsLsVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns ls",
        Summary = "list the namespaces of this machine",
        Arguments = "[TARGET]",
        Description = """
            Lists all namespaces that this user can see, as lsns(8) does: inode, type, number of processes, the first of them, its user and command. It finds as well those that no process is in: kept by a bind mount, by an open descriptor, by a child namespace, or as the owner of another; HELD BY says by what. Processes that this user may not look into are counted on standard error.

            TARGET (a container, a process ID, 'host', a pinned name, a path or an inode) lists the namespaces of that one only.
            """,
        MostWords = 1,
        WordKinds = [CompletionKind.Target],
        Options =
        [
            new() { Name = "type", Short = 't', Value = "TYPE", Repeats = true, Choices = NamespaceTypes.Names, Help = $"this type only: {string.Join(", ", NamespaceTypes.Names)}" },
            new() { Name = "quiet", Short = 'q', Help = "print inode numbers only" },
            new() { Name = "json", Help = "print JSON, one array of objects" },
        ],
        Examples = [("littlebox ns ls", "all of them"), ("littlebox ns ls -t net", "the network namespaces"), ("littlebox ns ls web", "those of the container 'web'")],
        Run = NsLsCommand.Run,
    };
}
