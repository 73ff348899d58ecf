using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns pin</c>: the command line of it.</summary>
internal static class NsPinVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns pin",
        Summary = "keep namespaces after their last process",
        Arguments = "CONTAINER|PID [NAME]",
        Description = "Makes namespaces of a container or process permanent by a bind mount under NAME (the container's name when not given), so that they outlive their last process. Without options it keeps all that differ from this machine's. A network namespace appears to ip-netns(8) as well. An option may have a name of its own: --net=NAME.",
        LeastWords = 1,
        MostWords = 2,
        WordKinds = [CompletionKind.Target, CompletionKind.None],
        Options = [.. NamespaceOptions.Flags("keep the").Select(static option => option with { Value = "NAME", ValueOptional = true })],
        Examples = [("littlebox ns pin web --net webnet", "keep the network of 'web' as 'webnet'")],
        Run = NsPinCommands.Pin,
    };
}
