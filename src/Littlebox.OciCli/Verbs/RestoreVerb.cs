using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>restore</c>: says that it is not supported.</summary>
internal sealed class RestoreVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "restore";

    /// <inheritdoc/>
    public override string Summary => "not supported yet";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override bool TakesAnything => true;

    /// <inheritdoc/>
    public override int Run(Invocation invocation) => throw new LittleboxException(ErrorKind.NotSupported, "restore is not supported yet");
}
