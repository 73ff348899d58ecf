using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>kill</c></summary>
internal sealed class KillVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "kill";

    /// <inheritdoc/>
    public override string Summary => "kill sends the specified signal (default: SIGTERM) to the container's init process";

    /// <inheritdoc/>
    public override string Words => "<container-id> [signal]";

    /// <inheritdoc/>
    public override string Description => "   A signal is a name, with or without SIG and in any case (TERM, SIGRTMIN+3), or a number.";

    /// <inheritdoc/>
    public override int MostWords => 2;

    /// <inheritdoc/>
    public override Flag[] Flags => [new("all", "send the signal to all processes of the container", 'a')];

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        string[] words = invocation.Line.Words;
        OciKill.Kill(invocation.Store, invocation.Id, words.Length == 2 ? SignalNames.Number(words[1]) : Signal.Terminate, invocation.Line.Has("all"));
        return 0;
    }
}
