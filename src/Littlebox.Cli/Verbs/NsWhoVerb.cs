using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns who</c>: the command line of it.</summary>
internal static class NsWhoVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns who",
        Summary = "show everything that keeps a namespace alive",
        Arguments = "NS|PID|CONTAINER",
        Description = """
            Lists every holder of a namespace: processes in it, descriptors that are open on it (and in which process), paths where it is mounted, child namespaces, and namespaces that it owns. A namespace goes when its last holder goes, so this answers why one is still there.

            NS is an inode number from 'littlebox ns ls', or a path such as /run/netns/blue. For a process or a container it lists the holders of each of its namespaces.
            """,
        LeastWords = 1,
        MostWords = 1,
        WordKinds = [CompletionKind.Target],
        Options =
        [
            new() { Name = "type", Short = 't', Value = "TYPE", Repeats = true, Choices = NamespaceTypes.Names, Help = "of a process or container, this type only" },
            new() { Name = "all", Short = 'a', Help = "all holders, however many" },
            new() { Name = "json", Help = "print JSON" },
        ],
        Examples = [("littlebox ns who 4026532166", "the holders of one namespace"), ("littlebox ns who -t net web", "who holds the network of the container 'web'")],
        Run = NsWhoCommand.Run,
    };
}
