using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>checkpoint</c>: says that it is not supported.</summary>
internal sealed class CheckpointVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "checkpoint";

    /// <inheritdoc/>
    public override string Summary => "not supported yet";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override bool TakesAnything => true;

    /// <inheritdoc/>
    public override int Run(Invocation invocation) => throw new LittleboxException(ErrorKind.NotSupported, "checkpoint is not supported yet");
}
