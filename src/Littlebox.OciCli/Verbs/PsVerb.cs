using System.Globalization;
using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>ps</c></summary>
internal sealed class PsVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "ps";

    /// <inheritdoc/>
    public override string Summary => "ps displays the processes running inside a container";

    /// <inheritdoc/>
    public override string Words => "<container-id> [ps options]";

    /// <inheritdoc/>
    public override int MostWords => int.MaxValue;

    /// <inheritdoc/>
    public override bool FlagsEndAtFirstWord => true;

    /// <inheritdoc/>
    public override Flag[] Flags => [new("format", "select one of: table or json", 'f', HasValue: true, Default: "\"table\"")];

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        string format = invocation.Line.Value("format") ?? "table";
        if (format is not ("table" or "json")) throw new LittleboxException(ErrorKind.InvalidArgument, $"invalid format option: {format}");
        IReadOnlyList<int> pids = OciProcesses.Of(invocation.Store, invocation.Id);
        return Invocation.Print(format == "json"
            ? $"[{string.Join(',', pids.Select(static pid => pid.ToString(CultureInfo.InvariantCulture)))}]\n"
            : OciProcesses.Table(pids, invocation.Line.Words[1..]));
    }
}
