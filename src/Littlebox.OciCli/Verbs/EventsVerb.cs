using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>events</c></summary>
internal sealed class EventsVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "events";

    /// <inheritdoc/>
    public override string Summary => "display container events such as OOM notifications, cpu, memory, and IO usage statistics";

    /// <inheritdoc/>
    public override string Words => "<container-id>";

    /// <inheritdoc/>
    public override string Description => "   Writes lines of JSON until the container ends: what it uses, and when it runs out of memory.";

    /// <inheritdoc/>
    public override Flag[] Flags =>
    [
        new("interval", "set the stats collection interval", HasValue: true, Default: "5s"),
        new("stats", "display the container's stats then exit"),
    ];

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        double interval = Duration.Milliseconds(invocation.Line.Value("interval") ?? "5s", "interval");
        if (interval < 1) throw new LittleboxException(ErrorKind.InvalidArgument, "duration interval must be greater than 0");
        if (invocation.Line.Has("stats")) return Invocation.Print(OciEvents.Statistics(invocation.Store, invocation.Id));
        OciEvents.Watch(invocation.Store, invocation.Id, (int)Math.Min(interval, int.MaxValue), static line => Invocation.Print(line));
        return 0;
    }
}
