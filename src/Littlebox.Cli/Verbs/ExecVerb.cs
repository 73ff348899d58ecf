using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox exec</c>: the command line of it.</summary>
internal static class ExecVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "exec",
        Summary = "run another command in a running container",
        Arguments = "CONTAINER COMMAND…",
        Description = """
            Starts a second process in the namespaces, root and cgroup of a running container, with the container's capabilities and environment; the options change them for this process alone.

            CONTAINER is a name from 'littlebox ps', or the process ID of a process in it. Options stand before CONTAINER; what follows it belongs to the command.
            """,
        StopsAtFirstWord = true,
        LeastWords = 2,
        MostWords = int.MaxValue,
        WordKinds = [CompletionKind.Container, CompletionKind.Command],
        UsageExitCode = 125,
        Options = [.. ProcessOptions.Identity, .. ProcessOptions.Capabilities, .. ProcessOptions.Tracing],
        Examples =
        [
            ("littlebox exec -it web sh", "a shell in the container 'web'"),
            ("littlebox exec -u nobody -e DEBUG=1 web /bin/env", "a command as another user, with a variable more"),
        ],
        ExitCodes = RunVerb.Spec.ExitCodes,
        Run = ExecCommand.Run,
    };
}
