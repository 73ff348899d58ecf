using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>delete</c></summary>
internal sealed class DeleteVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "delete";

    /// <inheritdoc/>
    public override string Summary => "delete any resources held by the container often used with detached container";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override Flag[] Flags => [new("force", "Forcibly deletes the container if it is still running (uses SIGKILL)", 'f')];

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        OciKill.Delete(invocation.Store, invocation.Id, invocation.Line.Has("force"));
        return 0;
    }
}
