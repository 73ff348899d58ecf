using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Engine;
using Littlebox.Engine.Options;
using Littlebox.Images;
using Littlebox.Linux;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox run</c>: the work of it.</summary>
internal static class RunCommand
{
    private const int MostNames = 10;

    // What an ordinary start allocates, and what it executes.
    private const int HeapBytes = 96 << 10, CodeBytes = 256 << 10;

    private static readonly string[] NamespaceNames = ["net", "pid", "ipc", "uts", "cgroupns", "userns", "time"];

    /// <summary>Runs a container; returns the exit code of its command.</summary>
    public static int Run(ParsedArguments arguments)
    {
        ProgramMemory.Populate(HeapBytes, CodeBytes);
        StateStore store = StateStore.ForThisUser();
        Housekeeping.Tidy(store);
        RunMode mode = RunModes.Of(arguments, arguments.Has("interactive") || IsShell(arguments));
        string? pidFile = arguments.Value("pidfile");
        for (int tries = 1; ; tries++)
        {
            try
            {
                return ContainerRunner.Run(Resolve(arguments, store), store, pidFile, mode);
            }
            catch (NameInUseException) when (!arguments.Has("name") && tries < MostNames)
            {
                // The name was made up, and somebody else has made up the same.
            }
        }
    }

    /// <summary>Makes the request that a command line of <c>run</c> asks for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="store">Where containers are looked up.</param>
    /// <param name="touchNothing">Unpack nothing: the request is only to be explained.</param>
    public static ContainerRequest Resolve(ParsedArguments arguments, StateStore store, bool touchNothing = false)
    {
        using var progress = new UnpackProgress();
        var roots = new RootStore(DataDirectory.ForThisUser()) { Unpacked = progress.Finished };
        return new RequestResolver(store, new RootResolver(roots, progress.Show, touchNothing)).Resolve(Options(arguments));
    }

    private static bool IsShell(ParsedArguments arguments) => arguments.Words.Count <= 1;

    private static RunOptions Options(ParsedArguments arguments)
    {
        IReadOnlyList<string> words = arguments.Words;
        bool shell = IsShell(arguments);
        bool terminal = Kernel.IsTerminal(0) && Kernel.IsTerminal(1);
        var namespaces = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in NamespaceNames)
        {
            if (arguments.Value(name) is { } value) namespaces.Add(name, value);
        }
        return new RunOptions
        {
            Root = words.Count > 0 ? words[0] : "default",
            Command = arguments.WordsFrom(1),
            Name = arguments.Value("name"),
            HostName = arguments.Value("hostname"),
            // A shell without anybody to talk to would end at once.
            Interactive = arguments.Has("interactive") || shell,
            Terminal = arguments.Has("tty") || (shell && terminal),
            Environment = arguments.Values("env"),
            WorkingDirectory = arguments.Value("workdir"),
            User = arguments.Value("user"),
            Volumes = arguments.Values("volume"),
            Mounts = arguments.Values("mount"),
            Tmpfs = arguments.Values("tmpfs"),
            ReadOnly = arguments.Has("read-only"),
            Init = arguments.Has("init"),
            PidFile = arguments.Value("pidfile"),
            Namespaces = namespaces,
            UidMap = arguments.Values("uidmap"),
            GidMap = arguments.Values("gidmap"),
            AddCapabilities = arguments.Values("cap-add"),
            DropCapabilities = arguments.Values("cap-drop"),
            Privileged = arguments.Has("privileged"),
        };
    }
}
