using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>state</c></summary>
internal sealed class StateVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "state";

    /// <inheritdoc/>
    public override string Summary => "output the state of a container";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override int Run(Invocation invocation) => Invocation.Print(StateDocument.Of(invocation.Store, invocation.Id));
}
