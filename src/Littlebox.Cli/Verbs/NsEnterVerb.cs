using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

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
        Options =
        [
            .. NamespaceOptions.Flags("enter the"),
            new() { Name = "root", Short = 'r', Value = "DIR", ValueOptional = true, Completion = CompletionKind.Directory, Help = "change the root: to DIR of this side, or to the target process's (as is done with its mount namespace)" },
            new() { Name = "wd", Short = 'w', Value = "DIR", ValueOptional = true, Help = "begin in DIR of the inside, or in the target process's working directory" },
            new() { Name = "setuid", Short = 'S', Value = "UID", Help = "become this user; in a user namespace it is 0 unless given" },
            new() { Name = "setgid", Short = 'G', Value = "GID", Help = "become this group; in a user namespace it is 0 unless given" },
            new() { Name = "preserve-credentials", Help = "leave user and groups as they are" },
        ],
        Examples = [("littlebox ns enter web --net -- ip address", "look at a container's network with this machine's tools"), ("littlebox ns enter 4711", "a shell in all namespaces of a process")],
        ExitCodes = RunVerb.Spec.ExitCodes,
        Run = NsEnterCommand.Run,
    };
}
