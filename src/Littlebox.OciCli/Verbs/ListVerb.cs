using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>list</c></summary>
internal sealed class ListVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "list";

    /// <inheritdoc/>
    public override string Summary => "lists containers started by littlebox-oci with the given root";

    /// <inheritdoc/>
    public override string Words => "";

    /// <inheritdoc/>
    public override int LeastWords => 0;

    /// <inheritdoc/>
    public override int MostWords => 0;

    /// <inheritdoc/>
    public override Flag[] Flags =>
    [
        new("format", "select one of: table or json", 'f', HasValue: true, Default: "\"table\""),
        new("quiet", "display only container IDs", 'q'),
    ];

    /// <inheritdoc/>
    public override int Run(Invocation invocation) => Invocation.Print(StateDocument.List(invocation.Store, invocation.Line));
}
