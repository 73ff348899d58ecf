using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>run</c></summary>
internal sealed class RunVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "run";

    /// <inheritdoc/>
    public override string Summary => "create and run a container";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override string Description => "   Makes a container from a bundle, starts it, waits for its end and deletes it.\n   The exit code is its program's.";

    /// <inheritdoc/>
    public override Flag[] Flags =>
    [
        Creation.Bundle,
        Creation.ConsoleSocket,
        Creation.PidfdSocket,
        new("detach", "detach from the container's process", 'd'),
        new("keep", "do not delete the container after it exits"),
        Creation.PidFile,
        new("no-subreaper", "disable the use of the subreaper used to reap reparented processes"),
        Creation.NoPivot,
        Creation.NoNewKeyring,
        Creation.PreserveDescriptors,
        Creation.InjectFault,
    ];

    /// <inheritdoc/>
    public override int Run(Invocation invocation) => Creation.Run(invocation, start: true);
}
