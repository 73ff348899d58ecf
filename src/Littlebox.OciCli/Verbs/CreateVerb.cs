using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>create</c></summary>
internal sealed class CreateVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "create";

    /// <inheritdoc/>
    public override string Summary => "create a container";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override string Description => "   Makes a container from a bundle: a directory with a config.json and a root file system.\n   Its program is executed by start.";

    /// <inheritdoc/>
    public override Flag[] Flags =>
    [
        Creation.Bundle,
        Creation.ConsoleSocket,
        Creation.PidfdSocket,
        Creation.PidFile,
        Creation.NoPivot,
        Creation.NoNewKeyring,
        Creation.PreserveDescriptors,
        Creation.InjectFault,
    ];

    /// <inheritdoc/>
    public override int Run(Invocation invocation) => Creation.Run(invocation, start: false);
}
