using System.Text;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.OciCli.CommandLine;
using Littlebox.Plan.Trace;
using Littlebox.Runtime.Foreground;
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

    public static readonly Flag InjectFault = new("inject-fault", "let a step fail with an errno, or with KILL end littlebox-oci there (for tests)", HasValue: true, Hidden: true);

    // What a start on an ordinary document allocates, and what it executes.
    private const int HeapBytes = 232 << 10, CodeBytes = 384 << 10;

    /// <summary>Makes the container, and goes on with it.</summary>
    /// <param name="invocation">The command line.</param>
    /// <param name="start">Start it too.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Invocation invocation, bool start)
    {
        ProgramMemory.Populate(HeapBytes, CodeBytes);
        ParsedFlags line = invocation.Line;
        string bundle = Path.GetFullPath(line.Value("bundle") is { Length: > 0 } given ? given : ".");
        using Descriptor file = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, bundle + "/config.json", OpenFlags.ReadOnly);
        byte[] config = SmallFile.Read(file.Number, 16 << 20) ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"{bundle}/config.json is larger than 16 MiB");
        Spec spec = SpecReader.Read(config);
        SpecChecker.Check(spec);
        foreach (ConfigWarning warning in SpecWarnings.Of(spec)) invocation.Log.Warning($"config.json: {warning.Pointer}: {warning.Sentence}");
        if (spec.Process is { } process) spec = spec with { Process = Granted(invocation, process, spec.Linux) };
        int listening = Attachment.Listening();
        if (listening > 0 && spec.Process is not null) spec = spec with { Process = spec.Process with { Env = [.. spec.Process.Env, $"LISTEN_FDS={listening}", "LISTEN_PID=1"] } };
        OciProcessOptions attached = Attachment.Of(line, detached: !start, listening);
        bool terminal = spec.Process is { Terminal: true };
        attached.CheckTerminal(terminal);
        OciOptions options = new() { NoPivot = line.Has("no-pivot"), NoNewKeyring = line.Has("no-new-keyring"), Preserved = listening + attached.Preserved, Rootless = invocation.Rootless, SystemdCGroup = invocation.Global.Has("systemd-cgroup"), Fault = attached.Fault, OnTrace = Trace(invocation) };
        using Attendant? attendant = attached.Detached ? null : new Attendant(terminal, input: true, firstOfNamespace: false, allSignals: true, reaps: !line.Has("no-subreaper"));
        OciContainerState state = OciCreate.Create(invocation.Store, invocation.Id, bundle, spec, config, options, attached.OnConsole ?? (attendant is null ? null : attendant.TakeTerminal));
        if (invocation.Log.IsDebug) invocation.Log.Debug($"container {state.Id} of {bundle} is created: its first process is {state.Pid}");
        return OciRun.Go(invocation.Store, state, attached, start, keep: line.Has("keep"), attendant);
    }

    // A file that cannot be written fails the command, as one of --pid-file does, and the container is taken down.
    private static Action<IReadOnlyList<StepTime>>? Trace(Invocation invocation) => invocation.Global.Value("trace") is not { Length: > 0 } file ? null
        : times => NamedFile.Write(file, file.EndsWith(".json", StringComparison.Ordinal) ? ChromeTrace.Of(times) : Encoding.UTF8.GetBytes(TraceTable.Of(times)));

    /// <summary>Capabilities that are not known, or that this caller cannot give, are left out with a warning, as the spec wants it, and are no error.</summary>
    public static Process Granted(Invocation invocation, Process process, LinuxSection linux)
    {
        Process granted = OciCapabilities.Granted(process, linux, out IReadOnlyList<string> left);
        if (left.Count > 0) invocation.Log.Warning($"ignoring unknown or unavailable capabilities: [{string.Join(' ', left)}]");
        return granted;
    }
}
