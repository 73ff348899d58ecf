using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns diff</c>: the command line of it.</summary>
internal static class NsDiffVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns diff",
        Summary = "compare the namespaces of two processes",
        Arguments = "A [B]",
        Description = """
            Compares namespace by namespace, by inode: which ones two processes share, and which ones differ. A and B are each a container, a process ID, a pinned name, or 'host' (process 1); without B it is 'host'.

            The exit code is 0 when all are the same, 1 when some differ.
            """,
        LeastWords = 1,
        MostWords = 2,
        WordKinds = [CompletionKind.Target],
        Options = [new() { Name = "json", Help = "print JSON" }],
        Examples = [("littlebox ns diff web", "what separates the container 'web' from this machine"), ("littlebox ns diff web 4711", "… and from a process")],
        ExitCodes = [("0", "all namespaces are the same"), ("1", "some differ"), ("2", "they cannot be compared")],
        Run = NsDiffCommand.Run,
    };
}
