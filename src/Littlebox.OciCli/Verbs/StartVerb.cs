using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>start</c></summary>
internal sealed class StartVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "start";

    /// <inheritdoc/>
    public override string Summary => "executes the user defined process in a created container";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        OciStart.Start(invocation.Store, invocation.Id);
        return 0;
    }
}
