using System.Text;
using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;

namespace Littlebox.OciCli.Verbs;

/// <summary><c>spec</c>: a config.json to start from.</summary>
internal sealed class SpecVerb : Verb
{
    /// <inheritdoc/>
    public override string Name => "spec";

    /// <inheritdoc/>
    public override string Summary => "create a new specification file";

    /// <inheritdoc/>
    public override string Words => "";

    /// <inheritdoc/>
    public override string Description => "   Writes a config.json that runs sh on a terminal in rootfs, with all namespaces but user, three capabilities and a read-only root.\n   One that is there already is left alone.";

    /// <inheritdoc/>
    public override int LeastWords => 0;

    /// <inheritdoc/>
    public override int MostWords => 0;

    /// <inheritdoc/>
    public override Flag[] Flags =>
    [
        new("bundle", "path to the root of the bundle directory", 'b', HasValue: true),
        new("rootless", "generate a configuration for a rootless container"),
    ];

    /// <inheritdoc/>
    public override int Run(Invocation invocation)
    {
        string bundle = invocation.Line.Value("bundle") is { Length: > 0 } given ? given : ".";
        int made = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, bundle + "/config.json", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, mode: 0x1b6);
        if (Kernel.ErrorOf(made) is Errno.EEXIST) throw new LittleboxException(ErrorKind.InvalidArgument, "File config.json exists. Remove it first");
        using Descriptor file = made >= 0 ? new Descriptor(made) : Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, bundle + "/config.json", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, mode: 0x1b6);
        Kernel.Write(file.Number, Encoding.UTF8.GetBytes(DefaultSpec.Text(invocation.Line.Has("rootless"))));
        return 0;
    }
}
