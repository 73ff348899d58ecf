using System.Globalization;
using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;

namespace Littlebox.Runtime;

/// <summary>
/// A plan of a process in a container, and what running it brings about: the child. What <c>run</c> and <c>exec</c> have in common. For one thread and
/// one run.
/// </summary>
public abstract class Launch
{
    /// <summary>The plan.</summary>
    public ContainerPlan Plan { get; } = new();

    /// <summary>A fault to build into the steps inside.</summary>
    public Fault? Fault { get; init; }

    /// <summary>Note the times of the steps inside.</summary>
    public bool Traced { get; init; }

    /// <summary>The steps inside report before they begin.</summary>
    public bool ReportSteps { get; init; }

    /// <summary>Called when the child has been started, before its messages are read: to set the session's callbacks.</summary>
    public Action<ChildSession>? OnStarted { get; init; }

    /// <summary>The child, once it has been started.</summary>
    public ChildSession? Session { get; private set; }

    /// <summary>The program that the child runs, once it has been started; for traces.</summary>
    public BootBuilder? Program { get; private set; }

    /// <summary>How the process ended; set when it has been waited for.</summary>
    public WaitStatus? Ended { get; set; }

    /// <summary>Absolute path of the pid file, or <c>null</c>.</summary>
    private protected string? PidFile { get; private set; }

    /// <summary>Adds the step that writes the pid file.</summary>
    public void AddPidFile(string path)
    {
        PidFile = NamedFile.IsOwn(path) ? Linux.Text.ProcessText.FullPath(path) : null;
        Plan.Add(PidFileStep(path));
    }

    private HostStep PidFileStep(string path) => new()
    {
        Title = "Write the pid file",
        Why = "for programs that watch the process by its number",
        Field = "--pidfile",
        Do = () =>
        {
            if (!NamedFile.Write(path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Session!.Child.Pid}\n")))) PidFile = null;
        },
        Hint = error => error switch
        {
            Errno.EACCES or Errno.EROFS => $"this user may not write {path}: choose another place",
            Errno.ENOENT or Errno.ENOTDIR => $"there is no directory for {path}: make it first",
            Errno.EISDIR => $"{path} is a directory",
            _ => null,
        },
        Undo = () =>
        {
            // A device or a fifo was written to, and stays.
            if (PidFile is not null) Kernel.TryUnlinkAt(Linux.Text.Strace.CurrentDirectory, path);
        },
        Calls = () => [$"openat(…, {Linux.Text.Strace.Quote(path)}, O_WRONLY|O_CREAT|O_TRUNC|O_NOFOLLOW|O_CLOEXEC, 0644)"],
        Shell = static () => ["# unshare does not tell the pid: look for it with lsns"],
    };

    /// <summary>
    /// True where a child may let go of littlebox's file at once: with CAP_SYS_RESOURCE, CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE, as root has them (prctl(2), PR_SET_MM). A child of an ordinary
    /// user has them in a user namespace of his only, and so once it has joined that; one that is cloned into a new one has them from its birth.
    /// </summary>
    private protected static bool MayLeaveImage => (Kernel.PermittedCapabilities & (1ul << 24 | 1ul << 21 | 1ul << 40)) != 0;

    /// <summary>Adds the step that is a child's first: until it executes the container's program it must not be a way to the runtime's file.</summary>
    private protected void AddLeaveImage()
    {
        if (!BootBuilder.CanLeaveImage) return;
        Plan.Add(new InsideStep
        {
            Title = "Let go of littlebox's own file",
            Why = "the child is a copy of littlebox: a program named /proc/self/exe, or a script with that in its first line, would be littlebox itself, and root in the container could write to it (CVE-2019-5736)",
            Compile = static program => program.LeaveImage(),
            Shell = static () => ["# unshare and the shell are programs of the host until the container's is executed"],
            Hint = static error => error switch
            {
                Errno.EACCES => "files in memory cannot be executed here: vm.memfd_noexec must not be 2",
                Errno.EINVAL or Errno.EPERM => "the kernel does not let a process have another executable: it must have CONFIG_CHECKPOINT_RESTORE",
                _ => null,
            },
        });
    }

    /// <summary>Starts the child.</summary>
    /// <param name="namespaces">The new namespaces of the clone.</param>
    /// <param name="keep">Descriptors it uses.</param>
    /// <param name="clonesAgain">Its program clones once more and then reports <see cref="MessageKind.Ready"/>: the clone is the child from then on.</param>
    /// <param name="cgroup">Descriptor of a version 2 cgroup to start in, or -1.</param>
    private protected void Start(NamespaceFlags namespaces, ReadOnlySpan<int> keep, bool clonesAgain, int cgroup = -1)
    {
        Program = Build(keepsText: false);
        BootChild child = BootChild.Start(Program, namespaces, keep, Traced, cgroup);
        Session = new ChildSession(Plan, child, () => Build(keepsText: true));
        OnStarted?.Invoke(Session);
        if (!clonesAgain) return;
        try
        {
            FollowClone();
        }
        catch
        {
            Stop();
            throw;
        }
    }

    /// <summary>Waits until the child's program has cloned once more: the clone is the child from then on.</summary>
    private protected void FollowClone() => AtReady(() => Session!.Child.FollowClone());

    /// <summary>Waits until the child is ready, does something meanwhile, and lets it go on.</summary>
    private protected void AtReady(Action act)
    {
        if (!Session!.Await(MessageKind.Ready)) throw new SystemCallException("recvfrom(channel)", Errno.ECONNRESET);
        act();
        Session.Child.Answer();
    }

    /// <summary>Ends the child, if it has not ended.</summary>
    private protected void Stop()
    {
        if (Session is null) return;
        if (Ended is null)
        {
            Kernel.TryKill(Session.Child.Pid, Signal.Kill);
            Kernel.TryWait(Session.Child.Pid, out _);
        }
        Session.Dispose();
        Session = null;
    }

    private BootBuilder Build(bool keepsText) => Plan.Compile(keepsText, Fault, ReportSteps);
}
