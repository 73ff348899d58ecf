using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Verbs.Ns;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox ns unpin</c>: the command line of it.</summary>
internal static class NsUnpinVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "ns unpin",
        Summary = "let a kept namespace go",
        Arguments = "NAME…",
        Description = "Takes away the bind mounts that 'ns pin' or 'ns new' made under NAME. A namespace ends with that, unless something else holds it: 'littlebox ns who' says what. Without options, all namespaces under that name.",
        LeastWords = 1,
        MostWords = int.MaxValue,
        WordKinds = [CompletionKind.None],
        Options = NamespaceOptions.Flags("let go the"),
        Examples = [("littlebox ns unpin webnet", "the end of 'webnet'")],
        Run = NsPinCommands.Unpin,
    };
}
