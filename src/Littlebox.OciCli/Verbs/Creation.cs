using System.Globalization;
using System.Text;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci;
using Littlebox.Runtime.Oci.Life;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.OciCli.Verbs;

/// <summary>What <c>create</c> and <c>run</c> have in common.</summary>
internal static class Creation
{
    public static readonly Flag Bundle = new("bundle", "path to the root of the bundle directory, defaults to the current directory", 'b', HasValue: true);
    public static readonly Flag ConsoleSocket = new("console-socket", "path to an AF_UNIX socket which will receive a file descriptor referencing the master end of the console's pseudoterminal", HasValue: true);
    public static readonly Flag PidfdSocket = new("pidfd-socket", "path to an AF_UNIX socket which will receive a file descriptor referencing the init process", HasValue: true);
    public static readonly Flag PidFile = new("pid-file", "specify the file to write the process id to", HasValue: true);
    public static readonly Flag NoPivot = new("no-pivot", "do not use pivot root to jail process inside rootfs.  This should be used whenever the rootfs is on top of a ramdisk");
    public static readonly Flag NoNewKeyring = new("no-new-keyring", "do not create a new session keyring for the container.  This will cause the container to inherit the calling processes session key");
    public static readonly Flag PreserveDescriptors = new("preserve-fds", "Pass N additional file descriptors to the container (stdio + $LISTEN_FDS + N in total)", HasValue: true, Default: "0");

    /// <summary>Makes the container.</summary>
    public static OciContainerState Create(Invocation invocation)
    {
        ParsedFlags line = invocation.Line;
        string bundle = Path.GetFullPath(line.Value("bundle") is { Length: > 0 } given ? given : ".");
        using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, bundle + "/config.json", OpenFlags.ReadOnly);
        byte[] config = SmallFile.Read(file.Number, 16 << 20) ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"{bundle}/config.json is larger than 16 MiB");
        Spec spec = SpecReader.Read(config);
        OciOptions options = new() { NoPivot = line.Has("no-pivot"), NoNewKeyring = line.Has("no-new-keyring") };
        OciContainerState state = OciCreate.Create(invocation.Store, invocation.Id, bundle, spec, config, options, line.Value("console-socket") is { Length: > 0 } socket ? master => Verbs.ConsoleSocket.Send(socket, master) : null);
        if (line.Value("pid-file") is { Length: > 0 } pidFile) NamedFile.Write(pidFile, Encoding.ASCII.GetBytes(state.Pid.ToString(CultureInfo.InvariantCulture)));
        return state;
    }
}
