using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>resume</c></summary>
internal sealed class ResumeVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "resume";

    /// <inheritdoc/>
    public override string Summary => "resumes all processes that have been previously paused";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        OciPause.Resume(invocation.Store, invocation.Id);
        return 0;
    }
}
