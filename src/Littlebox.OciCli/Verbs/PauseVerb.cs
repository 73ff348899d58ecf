using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>pause</c></summary>
internal sealed class PauseVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "pause";

    /// <inheritdoc/>
    public override string Summary => "pause suspends all processes inside the container";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        OciPause.Pause(invocation.Store, invocation.Id);
        return 0;
    }
}
