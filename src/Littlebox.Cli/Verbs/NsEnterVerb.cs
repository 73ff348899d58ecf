using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns enter</c>: the command line of it.</summary>
internal static class NsEnterVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns enter",
        Summary = "run a command in namespaces of another process",
        Arguments = "TARGET [--] [COMMAND…]",
        Description = """
            Runs COMMAND in namespaces of TARGET (a container, a process ID, a pinned name, or a path of a namespace), as nsenter(1) does. Without options it enters all of those that differ from ours; with options, those that they name. The user namespace is entered first, and for a PID namespace the command is a child. Without COMMAND it is a shell.

            Only namespaces are entered. For the root, user, capabilities and cgroup of a container as well, use 'littlebox exec'.
            """,
        LeastWords = 1,
        MostWords = int.MaxValue,
        WordKinds = [CompletionKind.Target, CompletionKind.Command],
        UsageExitCode = 125,
        Options = NamespaceOptions.Flags("enter the"),
        Examples = [("littlebox ns enter web --net -- ip address", "look at a container's network with this machine's tools"), ("littlebox ns enter 4711", "a shell in all namespaces of a process")],
        ExitCodes = RunVerb.Spec.ExitCodes,
        Run = NotBuiltIn.Run,
    };
}
