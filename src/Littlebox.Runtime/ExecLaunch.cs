using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;
using Littlebox.Runtime.Steps;
using Littlebox.Runtime.Users;

namespace Littlebox.Runtime;

/// <summary>What a second process in a running container is to be.</summary>
public sealed record ExecRequest
{
    /// <summary>The container.</summary>
    public required ContainerRecord Container { get; init; }

    /// <summary>The command and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The environment.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The working directory inside.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>User, group and supplementary groups.</summary>
    public UserIds User { get; init; } = UserIds.Root;

    /// <summary>The capabilities it may have.</summary>
    public required ulong Capabilities { get; init; }

    /// <summary>A terminal of the container's devpts.</summary>
    public bool Terminal { get; init; }

    /// <summary>Standard input stays open.</summary>
    public bool KeepInput { get; init; }
}

/// <summary>The plan of a second process in a container: into its namespaces, then the same last steps as run has (one code path, CVE-2022-29162).</summary>
public sealed class ExecLaunch : Launch
{
    private readonly ExecRequest request;
    private Descriptor? process;
    private NamespaceFlags kinds;

    /// <summary>Makes the plan.</summary>
    public ExecLaunch(ExecRequest request)
    {
        this.request = request;
        // The steps of run read a container's request; what does not concern them stays empty.
        var inside = new Inside(Plan, new ContainerRequest
        {
            Name = request.Container.Name,
            StateDirectory = "",
            Root = new RootSource("/", Overlay: false, request.Container.Root),
            HostName = "",
            Namespaces = new NamespaceChoices(),
            Command = request.Command,
            Environment = request.Environment,
            WorkingDirectory = request.WorkingDirectory,
            User = request.User,
            Capabilities = request.Capabilities,
            Terminal = request.Terminal,
            KeepInput = request.KeepInput,
        });

        Plan.Add(new HostStep
        {
            Title = "Get hold of the container's first process",
            Why = "a pidfd stands for exactly that process: should it end, its number may belong to another one a moment later",
            Do = Open,
            Undo = () => process?.Dispose(),
            Calls = () => [$"pidfd_open({request.Container.Pid}, 0)"],
        });
        Plan.AddStart(new HostStep
        {
            Title = "Start the child",
            Why = "the child joins the container's namespaces itself; a single thread, as the kernel wants it for user and mount namespaces",
            Do = () => Start(NamespaceFlags.None, [process!.Number], clonesAgain: true),
            Undo = Stop,
            Calls = static () => ["clone3({flags=0, exit_signal=SIGCHLD}, 88)"],
        });
        if (MayLeaveImage) AddLeaveImage();
        inside.Add("Join the container's namespaces", "all that differ from ours, in one call: so either in all of them, or in none",
            program => program.Call(SystemCallNumber.Setns, $"setns(<pidfd of {request.Container.Pid}>, {new Words(CallFlags.Of(kinds))})", process?.Number ?? -1, (long)kinds));
        if (!MayLeaveImage) AddLeaveImage();
        inside.Add("Clone once more", "a process cannot change its own pid namespace, only its children's; the clone is littlebox's child, and its maker ends",
            static program =>
            {
                program.Clone(NamespaceFlags.None);
                program.Report(MessageKind.Ready);
            });
        IdentitySteps.TieLife(inside);
        inside.Add("Open the container's root, /dev and terminals", "setns to a mount namespace has changed our root to the container's",
            program =>
            {
                inside.Root = Open(program, "/");
                inside.Dev = Open(program, "/dev");
                if (request.Terminal) inside.Pts = Open(program, "/dev/pts");
            });
        if (request.Terminal) ProcessSteps.OpenExecTerminal(inside);
        ProcessSteps.StartSession(inside);
        ProcessSteps.EnterDirectory(inside);
        if (request.Capabilities != CapabilitySet.Full) ProcessSteps.DropCapabilities(inside, Kernel.EffectiveUid == 0 ? Kernel.PermittedCapabilities : CapabilitySet.Full);
        ProcessSteps.BecomeUser(inside);
        ProcessSteps.Execute(inside, first: false);
    }

    private void Open()
    {
        process = new Descriptor(Kernel.PidfdOpen(request.Container.Pid));
        if (!ProcessIdentity.IsThatProcess(request.Container.Pid, request.Container.StartedAtBootTime))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"container {request.Container.Name} has just ended");
        foreach ((NamespaceFlags kind, string file) in (ReadOnlySpan<(NamespaceFlags, string)>)
            [(NamespaceFlags.User, "user"), (NamespaceFlags.Mount, "mnt"), (NamespaceFlags.Uts, "uts"), (NamespaceFlags.Ipc, "ipc"), (NamespaceFlags.Network, "net"), (NamespaceFlags.Pid, "pid"), (NamespaceFlags.CGroup, "cgroup"), (NamespaceFlags.Time, "time")])
        {
            // A user namespace that is ours already cannot be joined again.
            if (Kernel.TryReadLink($"/proc/{request.Container.Pid}/ns/{file}") is { } theirs && theirs != Kernel.TryReadLink($"/proc/self/ns/{file}")) kinds |= kind;
        }
    }

    private static Register Open(BootBuilder program, string path)
    {
        Register directory = program.NewRegister(path);
        program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, {path}, O_PATH|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC)", Linux.Text.Strace.CurrentDirectory, program.String(path),
            (long)(OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec).Value).To(directory);
        return directory;
    }
}
