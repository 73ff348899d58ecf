using System.Globalization;
using System.Text;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Oci;
using Littlebox.Runtime.Oci.Life;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.OciCli;

/// <summary>The program <c>littlebox-oci</c>: runc's command line, for engines.</summary>
internal static class Program
{
    private static readonly string[] GlobalValues = ["root", "log", "log-format", "rootless", "criu"];
    private static readonly string[] GlobalFlags = ["debug", "systemd-cgroup", "v:version", "h:help"];
    private static readonly string[] CreateValues = ["b:bundle", "console-socket", "pid-file", "preserve-fds", "pidfd-socket"];
    private static readonly string[] CreateFlags = ["no-pivot", "no-new-keyring", "d:detach", "keep", "no-subreaper"];

    private static void Main(string[] arguments) => Kernel.ExitGroup(Run(arguments));

    private static int Run(string[] arguments)
    {
        ErrorLog log = ErrorLog.ToStandardError;
        try
        {
            CommandLine global = CommandLine.Read(arguments, GlobalValues, GlobalFlags);
            log = new ErrorLog(global.Value("log"), global.Value("log-format") == "json");
            if (global.Has("version")) return Print($"littlebox-oci version {ProductVersion}\nspec: 1.3.0\n");
            if (global.Has("help") || global.Words.Length == 0) return Print(Usage);
            return Verb(global.Words[0], global.Words.AsSpan(1), global.Value("root") is { } root ? new OciStore(root) : OciStore.Default());
        }
        catch (LittleboxException error)
        {
            log.Error(error.Message, error.Details);
            return 1;
        }
        catch (SystemCallException error)
        {
            log.Error(error.Message, []);
            return 1;
        }
    }

    private static int Verb(string verb, ReadOnlySpan<string> arguments, OciStore store)
    {
        switch (verb)
        {
            case "create" or "run":
                return Create(verb, arguments, store);
            case "start":
                OciStart.Start(store, CommandLine.Read(arguments, [], []).Id(verb));
                return 0;
            case "state":
                return Print(StateDocument.Of(store, CommandLine.Read(arguments, [], []).Id(verb)));
            case "list":
                return Print(StateDocument.List(store, CommandLine.Read(arguments, ["f:format"], ["q:quiet"])));
            case "kill":
                return Kill(CommandLine.Read(arguments, [], ["a:all"]), store);
            case "delete":
                CommandLine line = CommandLine.Read(arguments, [], ["f:force"]);
                OciKill.Delete(store, line.Id(verb), line.Has("force"));
                return 0;
            default:
                throw new LittleboxException(ErrorKind.InvalidArgument, $"{verb} is not built in yet; there are create, run, start, state, list, kill and delete");
        }
    }

    private static int Create(string verb, ReadOnlySpan<string> arguments, OciStore store)
    {
        CommandLine line = CommandLine.Read(arguments, CreateValues, CreateFlags);
        string id = line.Id(verb);
        string bundle = Path.GetFullPath(line.Value("bundle") ?? ".");
        using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, bundle + "/config.json", OpenFlags.ReadOnly);
        byte[] config = SmallFile.Read(file.Number, 16 << 20) ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"{bundle}/config.json is larger than 16 MiB");
        Spec spec = SpecReader.Read(config);
        OciOptions options = new() { NoPivot = line.Has("no-pivot"), NoNewKeyring = line.Has("no-new-keyring") };
        OciContainerState state = OciCreate.Create(store, id, bundle, spec, config, options, line.Value("console-socket") is { } socket ? master => ConsoleSocket.Send(socket, master) : null);
        if (line.Value("pid-file") is { } pidFile) NamedFile.Write(pidFile, Encoding.ASCII.GetBytes(state.Pid.ToString(CultureInfo.InvariantCulture)));
        if (verb == "create") return 0;
        if (!line.Has("detach")) return OciRun.StartAndWait(store, state, line.Has("keep"));
        OciStart.Start(store, id);
        return 0;
    }

    private static int Kill(CommandLine line, OciStore store)
    {
        if (line.Words.Length is 0 or > 2) throw new LittleboxException(ErrorKind.InvalidArgument, "\"littlebox-oci kill\" requires a container's id, and may have a signal");
        OciKill.Kill(store, line.Words[0], line.Words.Length == 2 ? SignalNames.Number(line.Words[1]) : Signal.Terminate);
        return 0;
    }

    private static int Print(string text)
    {
        Kernel.Write(1, Encoding.UTF8.GetBytes(text));
        return 0;
    }

    private const string ProductVersion = "0.1.0";

    private const string Usage = """
        littlebox-oci makes containers from OCI bundles, with runc's command line.

        Usage: littlebox-oci [--root DIR] [--log FILE] [--log-format text|json] VERB …

          create [--bundle DIR] [--console-socket SOCKET] [--pid-file FILE] [--no-pivot] [--no-new-keyring] ID
          run [the flags of create] [--detach] [--keep] ID
          start ID
          state ID
          list [--format table|json] [--quiet]
          kill ID [SIGNAL]
          delete [--force] ID

        """;
}
