using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;
using Littlebox.Plan.Stepping;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci.State;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// The plan of one more process in a container: into its namespaces, then the same steps as its first process has gone through (one code path, CVE-2022-29162). The file reads
/// from top to bottom in the order of events.
/// </summary>
public sealed class OciExecLaunch : Launch
{
    private const int PrSetDumpable = 4;
    private const long ProcMagic = 0x9fa0;

    private readonly OciContainerState container;
    private readonly OciInside inside;
    private readonly Func<CGroupPlacement> place;
    private CGroupPlacement? placement;
    private Descriptor? first;
    private Descriptor? proc;
    private Descriptor? root;
    // Their numbers, which the program is built with once more when an operation has failed and they are closed.
    private int firstNumber = -1, procNumber = -1, rootNumber = -1;
    private NamespaceFlags kinds;

    /// <summary>Makes the plan.</summary>
    /// <param name="container">The container, which lives.</param>
    /// <param name="spec">The document that it was made from.</param>
    /// <param name="process">The process, checked.</param>
    /// <param name="preserved">How many descriptors from 3 on it inherits.</param>
    /// <param name="place">Opens what the child needs to be in the container's cgroups.</param>
    /// <param name="attach">Puts the child, by its number, into them instead; <c>null</c> where it can go there by itself.</param>
    public OciExecLaunch(OciContainerState container, Spec spec, Process process, int preserved, Func<CGroupPlacement> place, Action<int>? attach = null)
    {
        this.place = place;
        this.container = container;
        inside = new OciInside(Plan, spec, container.Bundle);
        SeccompFilter? filter = spec.Linux.Seccomp is { } profile ? SeccompFilter.Compile(profile) : null;
        if (filter is not null) OciSupport.Check(spec.Linux.Seccomp!, filter);

        // Who: the runtime, on the host.
        Plan.Add(new HostStep
        {
            Title = "Get hold of the container's first process",
            Why = "a pidfd stands for exactly that process: should it end, its number may belong to another one a moment later",
            Do = Open,
            Undo = Close,
            Calls = () => [$"pidfd_open({container.Pid}, 0)"],
        });
        Plan.AddStart(new HostStep
        {
            Title = "Start the child",
            Why = "the child joins the container's namespaces itself, a single thread, as the kernel wants it for user and mount namespaces; into the pid namespace it is born where that may be",
            Do = () =>
            {
                using Descriptor? own = EnterPids();
                try
                {
                    Start(NamespaceFlags.None, [firstNumber, procNumber, .. rootNumber < 0 ? ReadOnlySpan<int>.Empty : [rootNumber], .. placement!.TaskFiles, .. Enumerable.Range(3, preserved)], clonesAgain: JoinsPids && attach is null, attach is null ? placement.Unified : -1);
                }
                finally
                {
                    if (own is not null) Kernel.SetNs(own.Number, NamespaceFlags.Pid);
                }
                Close();
                if (attach is null) return;
                try
                {
                    AtReady(() => attach(Session!.Child.Pid));
                    if (JoinsPids) FollowClone();
                }
                catch
                {
                    Stop();
                    throw;
                }
            },
            Undo = Stop,
            Calls = static () => ["clone3({flags=0, exit_signal=SIGCHLD}, 88)"],
        });

        // Who: a process of the host, in the container's cgroups: what it does is counted there.
        if (MayLeaveImage) AddLeaveImage();
        OciSchedulingSteps.InitialAffinity(inside, process, "/process");
        if (attach is null) OciCGroupSteps.Join(inside, () => placement);
        else inside.Add("Wait to be put into the control groups", "this user may not go there by himself: the manager that has made them moves the child", "/linux/cgroupsPath", static program => program.Report(MessageKind.Ready));

        // Who: a process of the host, with the runtime's rights; what needs them is done first.
        inside.Add("Take the host's proc", "what concerns this process only is written through it, before there is any other", null,
            program =>
            {
                inside.PrivateProc = program.NewRegister("proc");
                program.Call(SystemCallNumber.Openat, $"openat(<proc>, \".\", O_PATH|O_DIRECTORY|O_CLOEXEC)", procNumber, program.String("."),
                    (long)(OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.CloseOnExec).Value).To(inside.PrivateProc);
            });
        OciSchedulingSteps.FinalAffinity(inside, process, "/process");
        OciLabels.Add(inside, process);
        OciProcessSteps.Properties(inside, process);
        inside.Add("Close the child to the container's processes", "among them it must not be traced, nor its executable or its descriptors opened (CVE-2016-9962, CVE-2019-5736); its own files in proc are root's from here on", null,
            static program => program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_DUMPABLE, 0)", PrSetDumpable, 0, 0, 0, 0));
        inside.Add("Join the container's namespaces", "all that differ from ours, in one call: so either in all of them, or in none", "/linux/namespaces",
            program =>
            {
                if (kinds != NamespaceFlags.None)
                    program.Call(SystemCallNumber.Setns, $"setns(<pidfd of {container.Pid}>, {new Words(CallFlags.Of(kinds))})", firstNumber, (long)kinds);
            },
            static error => error is Errno.ESRCH ? "the container's first process has just ended" : null);
        if (!MayLeaveImage) AddLeaveImage();
        inside.Add("Clone once more", "a process cannot change its own pid namespace, only its children's; the clone is the runtime's child, and its maker ends", "/linux/namespaces",
            program =>
            {
                if (!JoinsPids) return;
                program.Clone(NamespaceFlags.None);
                program.Report(MessageKind.Ready);
            });
        inside.Add("Become root of the user namespace", "whoever the runtime is outside: from here on only ids of the container count", "/linux/uidMappings",
            program =>
            {
                if ((kinds & NamespaceFlags.User) != 0) OciNamespaceSteps.SetRoot(program);
            });

        // Who: the container's root, in the container. From here on only less.
        inside.Add("Open the container's root", "setns to a mount namespace has changed our root to the container's; where it has none, its first process's root is taken", null,
            program =>
            {
                inside.Root = program.NewRegister("root");
                if (spec.Linux.Namespace(LinuxNamespaceType.Mount) is null)
                {
                    program.Call(SystemCallNumber.Fchdir, $"fchdir(</proc/{container.Pid}/root>)", rootNumber);
                    program.Call(SystemCallNumber.Chroot, $"chroot(\".\")", program.String("."));
                }
                program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, \"/\", O_PATH|O_DIRECTORY|O_CLOEXEC)", Linux.Text.Strace.CurrentDirectory, program.String("/"),
                    (long)(OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.CloseOnExec).Value).To(inside.Root);
            });
        if (!container.NoNewKeyring) OciProcessSteps.JoinKeyring(inside, container.Id);
        OciProcessSteps.OpenTerminal(inside, process, console: false);
        OciProcessSteps.StartSession(inside, process);
        OciProcessSteps.Become(inside, process, singleId: spec.Linux.GidMappings is [{ Size: 1 }]);
        inside.Add("Put the signals back", "what .NET ignores or blocks is its own affair", null, static program => program.ResetSignals());
        OciProcessSteps.Finish(inside, process, filter);
    }

    private bool JoinsPids => (kinds & NamespaceFlags.Pid) != 0;

    private void Open()
    {
        first = new Descriptor(Kernel.PidfdOpen(container.Pid));
        if (inside.Namespace(LinuxNamespaceType.Mount) is null)
        {
            root = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, $"/proc/{container.Pid}/root", OpenFlags.PathOnly | OpenFlags.Directory);
            rootNumber = root.Number;
        }
        if (!container.IsAlive) throw new LittleboxException(ErrorKind.InvalidArgument, "cannot exec in a stopped container");
        kinds = ProcessNamespaces.Differing(container.Pid);
        placement = place();
        proc = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, "/proc", OpenFlags.PathOnly | OpenFlags.Directory);
        (firstNumber, procNumber) = (first.Number, proc.Number);
        if (Kernel.FileSystemType(procNumber) != ProcMagic) throw new LittleboxException(ErrorKind.NotSupported, "/proc of the host is not a proc file system");
    }

    // Children of this thread are born in the container's pid namespace from here on. Whoever owns it only by owning its user namespace may not do that: then the child clones once more.
    private Descriptor? EnterPids()
    {
        if (!JoinsPids) return null;
        Descriptor own = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, "/proc/self/ns/pid", OpenFlags.ReadOnly);
        // Before the child is among them the container's processes must not be able to trace it, nor to open its executable or its descriptors (CVE-2016-9962, CVE-2019-5736).
        if (Kernel.EffectiveUid == 0) Kernel.CloseToTracers();
        // Root of a user namespace (podman of an ordinary user) could enter and not come back: our own one is somebody else's. Whether it can is asked by joining that first.
        if (Kernel.TrySetNs(own.Number, NamespaceFlags.Pid) >= 0 && Kernel.TrySetNs(firstNumber, NamespaceFlags.Pid) >= 0)
        {
            kinds &= ~NamespaceFlags.Pid;
            return own;
        }
        own.Dispose();
        return null;
    }

    private void Close()
    {
        first?.Dispose();
        proc?.Dispose();
        root?.Dispose();
        placement?.Dispose();
    }
}
