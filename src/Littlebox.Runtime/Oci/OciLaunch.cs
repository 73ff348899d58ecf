using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;
using Littlebox.Runtime.Ids;
using Littlebox.Runtime.Oci.HookRuns;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// The plan of a container from a bundle, up to the moment where it waits for <c>start</c>. The file reads from top to bottom in the order of events; each
/// section says who we are.
/// </summary>
public sealed class OciLaunch : Launch
{
    private readonly Spec spec;
    private readonly Process process;
    private readonly OciInside inside;
    private readonly Descriptor listener;
    private readonly OciCGroupSteps cgroups;
    private readonly Dictionary<LinuxNamespaceType, Descriptor> joined = [];
    private readonly OciHostSources sources;
    private readonly OciCopyUp copies = new();

    /// <summary>Makes the plan.</summary>
    /// <param name="spec">The document, checked.</param>
    /// <param name="bundle">Absolute path of the bundle.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="listener">The socket on which the child waits for <c>start</c>; the caller's.</param>
    /// <param name="options">What the command line says.</param>
    public OciLaunch(Spec spec, string bundle, string id, Descriptor listener, OciOptions options)
    {
        this.spec = spec;
        this.listener = listener;
        Fault = options.Fault;
        process = spec.Process ?? Process.None;
        OciSupport.Check(spec);
        OciLabels.CheckMachine(process, spec.Linux.MountLabel ?? "", "config.json", "/process");
        if (spec.Process is not null) process = OciEnvironment.Complete(process, Path.GetFullPath(spec.Root.Path, bundle));
        SeccompFilter? filter = spec.Linux.Seccomp is { } profile ? SeccompFilter.Compile(profile) : null;
        if (filter is not null) OciSupport.Check(spec.Linux.Seccomp!, filter);
        if (filter is { Notifies: true }) SeccompAgent.CheckThere(spec.Linux.Seccomp!);
        if (filter is { Notifies: true } && spec.Hooks.StartContainer.Count > 0)
            throw new LittleboxException(ErrorKind.NotSupported, "config.json: /hooks/startContainer: a hook with the program's filter would be a second listener's (/linux/seccomp: SCMP_ACT_NOTIFY): use createContainer");
        inside = new OciInside(Plan, spec, bundle);
        inside.CGroups = cgroups = new OciCGroupSteps(Plan, spec, id, options);
        bool twice = spec.Linux.Namespace(LinuxNamespaceType.User) is { Path: not null } || spec.Linux.Namespace(LinuxNamespaceType.Pid) is { Path: not null };
        NamespaceFlags clone = NewNamespaces();

        // Who: the runtime, on the host.
        OpenNamespaces();
        sources = new OciHostSources(inside, DescriptorOf);
        sources.Add(Plan);
        cgroups.Make();
        Plan.AddStart(new HostStep
        {
            Title = "Start the child in its new namespaces",
            Why = "one clone3 makes all of them at once; the child has a single thread, as the kernel wants it",
            Field = "/linux/namespaces",
            Do = () =>
            {
                Start(twice ? NamespaceFlags.None : clone, [.. joined.Values.Select(static descriptor => descriptor.Number), .. sources.Numbers, listener.Number, .. cgroups.TaskFiles, .. Enumerable.Range(3, options.Preserved)], clonesAgain: twice && !cgroups.NeedsProcess, cgroups.Unified);
                Session!.OnCopy = copies.Handle;
            },
            Undo = Stop,
            Calls = () => [$"clone3({{flags={CallFlags.Of(twice ? NamespaceFlags.None : clone)}, exit_signal=SIGCHLD}}, 88)"],
            Hint = cgroups.HintOfClone,
        });
        cgroups.Adopt(() => Session!);
        if (twice && cgroups.NeedsProcess)
        {
            Plan.Add(new HostStep
            {
                Title = "Follow the child into its clone",
                Why = "it joins a user or a pid namespace, which count for its children only; its control groups they inherit",
                Field = "/linux/namespaces",
                Do = FollowClone,
            });
        }
        if (spec.Linux.Namespace(LinuxNamespaceType.User) is { Path: null }) WriteIdMaps();
        if (inside.HasUserNamespace) OciProcessSteps.PropertiesFromOutside(Plan, process, () => Session!.Child.Pid);
        cgroups.Limit();
        new OciNetDevices(inside, DescriptorOf, () => Session!.Child.Pid).Add(Plan);
        // A share of real time is one of the limits, and without it there are no real-time policies.
        bool awaitsLimits = spec.Linux.Resources is not null && process.Scheduler is { Policy: SchedulerPolicy.Fifo or SchedulerPolicy.RoundRobin or SchedulerPolicy.Deadline };
        if (awaitsLimits)
        {
            Plan.Add(new HostStep
            {
                Title = "Let the child go on, now that the limits are in force",
                Why = "its real-time scheduler counts on them",
                Field = "/process/scheduler",
                Do = () =>
                {
                    if (!Session!.Await(MessageKind.Ready)) throw new SystemCallException("recvfrom(channel)", Errno.ECONNRESET);
                    Session.Child.Answer();
                },
            });
        }

        // Who: a process of the host, with the host's root, in new namespaces.
        bool leavesLater = !MayLeaveImage && spec.Linux.Namespace(LinuxNamespaceType.User) is { Path: not null };
        if (!leavesLater) AddLeaveImage();
        var openFiles = new OciOpenFiles(inside);
        openFiles.Raise();
        inside.Add("Begin with an empty umask", "the modes of what is made are those that the steps name", null, static program => program.Call(SystemCallNumber.Umask, $"umask(0)", 0));
        cgroups.Join(inside);
        if (twice) OciNamespaceSteps.JoinBeforeClone(inside, DescriptorOf, clone);
        if (leavesLater) AddLeaveImage();
        OciNamespaceSteps.Join(inside, DescriptorOf);
        OciSchedulingSteps.AnyProcessor(inside);
        OciNamespaceSteps.UnshareCGroup(inside);
        OciNamespaceSteps.Loopback(inside);
        OciNamespaceSteps.Names(inside);
        if (!options.NoNewKeyring) OciProcessSteps.JoinKeyring(inside, id);
        OciRootSteps.Open(inside);
        OciMountSteps.OpenSources(inside, sources);
        // Behind the sources: a copy of what the host shares is shared, as the document may want it.
        OciRootSteps.StopPropagation(inside);
        // While the child is still who the runtime is: its files in /proc are its own.
        OciMountSteps.OpenPrivateProc(inside);
        OciClockSteps.Add(inside);
        OciNamespaceSteps.BecomeRoot(inside);

        // Who: the container's root, still in the host's tree. The new root is furnished from the outside.
        OciRootSteps.Place(inside);
        OciMountSteps.Mount(inside);
        OciDeviceSteps.Make(inside);
        HookSteps.Create(inside);
        OciDeviceSteps.ReplaceNull(inside);
        OciMaskSteps.Sysctls(inside);
        OciMaskSteps.Mask(inside);
        OciMaskSteps.Protect(inside);
        OciLabels.Add(inside, process);
        if (!inside.HasUserNamespace) OciProcessSteps.Properties(inside, process);
        OciProcessSteps.OpenTerminal(inside, process, console: true);
        OciRootSteps.MakeReadOnly(inside);
        OciRootSteps.Enter(inside, options.NoPivot);
        if (HasNoMounts) OciRootSteps.GoBack(inside, DescriptorOf);

        // Who: the container's root, in the container. From here on only less.
        OciProcessSteps.StartSession(inside, process);
        if (awaitsLimits) inside.Add("Wait until the limits are in force", "a real-time scheduler needs the cgroup's share of it", "/process/scheduler", static program => program.Report(MessageKind.Ready));
        OciProcessSteps.Become(inside, process, singleId: spec.Linux.GidMappings is [{ Size: 1 }]);
        if (spec.Process is not null) OciProcessSteps.Find(inside, process);
        inside.Add("Wait for start", "the one who creates a container goes; whoever starts it comes by the socket", null,
            program =>
            {
                openFiles.PutBack(program);
                program.ResetSignals();
                program.Report(MessageKind.Ready);
                OciOpenFiles.Close(program, options.Preserved, listener.Number);
                program.Accept(listener.Number);
            });
        // Nobody starts it.
        if (spec.Process is not null) AddFromStart(inside, process, filter);
    }

    /// <summary>The steps of <c>start</c>: its error names them by their places before the end, so they depend on nothing but the document.</summary>
    private static void AddFromStart(OciInside inside, Process process, SeccompFilter? filter)
    {
        int firstLimit = inside.Plan.Steps.Count + inside.Spec.Hooks.StartContainer.Count;
        HookSteps.Start(inside, () => inside.Plan.Steps.Skip(firstLimit).SkipLast(1).OfType<InsideStep>());
        OciProcessSteps.Finish(inside, process, filter);
    }

    /// <summary>What failed of the steps of <c>start</c>, in words.</summary>
    /// <param name="spec">The document that the container was made from.</param>
    /// <param name="bundle">Absolute path of its bundle.</param>
    /// <param name="message">What its first process says.</param>
    /// <returns><c>null</c> where it is none of those steps.</returns>
    public static LittleboxException? FailureAtStart(Spec spec, string bundle, BootMessage message)
    {
        var plan = new ContainerPlan();
        AddFromStart(new OciInside(plan, spec, bundle), spec.Process!, spec.Linux.Seccomp is { } profile ? SeccompFilter.Compile(profile) : null);
        return plan.FailureFromEnd(message.Error, message.Behind, message.StepsBehind);
    }

    /// <summary>The container's cgroups.</summary>
    public OciCGroupSteps CGroups => cgroups;

    /// <summary>Waits until the child waits for <c>start</c>.</summary>
    /// <exception cref="LittleboxException">A step failed.</exception>
    public void AwaitCreated()
    {
        if (!Session!.Await(MessageKind.Ready)) throw new SystemCallException("recvfrom(channel)", Errno.ECONNRESET);
    }

    /// <summary>Lets go of the child: it is nobody's but its own from here on.</summary>
    public void Release()
    {
        Session!.Child.Answer();
        foreach (Descriptor descriptor in joined.Values) descriptor.Dispose();
        sources.Dispose();
        copies.Dispose();
        cgroups.Release();
        listener.Dispose();
    }

    // Without a mount namespace in the document the container is in the runtime's; what it mounts is furnished in one that ends before its program begins.
    private bool HasNoMounts => spec.Linux.Namespace(LinuxNamespaceType.Mount) is null;

    private int DescriptorOf(LinuxNamespaceType type) => joined.TryGetValue(type, out Descriptor? descriptor) ? descriptor.Number : -1;

    private NamespaceFlags NewNamespaces()
    {
        NamespaceFlags flags = HasNoMounts ? NamespaceFlags.Mount : NamespaceFlags.None;
        foreach (LinuxNamespace candidate in spec.Linux.Namespaces)
        {
            // The cgroup namespace comes later, when the child is in its cgroup; a time namespace, when its clocks can be set.
            if (candidate.Path is null && candidate.Type != LinuxNamespaceType.CGroup && (candidate.Type != LinuxNamespaceType.Time || spec.Linux.TimeOffsets.Count == 0)) flags |= OciNamespaceSteps.FlagOf(candidate.Type);
        }
        return flags;
    }

    private void OpenNamespaces()
    {
        if (HasNoMounts)
        {
            Plan.Add(new HostStep
            {
                Title = "Open the runtime's mount namespace",
                Why = "the document has none, so the container is in this one: the child comes back to it when its root is furnished",
                Field = "/linux/namespaces",
                Do = () => joined.Add(LinuxNamespaceType.Mount, Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, "/proc/self/ns/mnt", OpenFlags.ReadOnly)),
                Undo = CloseNamespaces,
            });
        }
        if (!spec.Linux.Namespaces.Any(static candidate => candidate.Path is not null)) return;
        Plan.Add(new HostStep
        {
            Title = "Open the namespaces to join",
            Why = "by descriptor, so that they live until they have been joined, and so that a file that is no namespace is refused now",
            Field = "/linux/namespaces",
            Do = () =>
            {
                for (int i = 0; i < spec.Linux.Namespaces.Count; i++)
                {
                    LinuxNamespace candidate = spec.Linux.Namespaces[i];
                    if (candidate.Path is not { } path) continue;
                    int opened = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
                    if (Kernel.ErrorOf(opened) is not Errno.None) throw new ConfigException("config.json", $"/linux/namespaces/{i}/path", $"{path}, which cannot be opened: {Kernel.ErrorOf(opened).Describe()}", "the file of a namespace");
                    var descriptor = new Descriptor(opened);
                    joined.Add(candidate.Type, descriptor);
                    if (Kernel.TryGetNamespaceType(descriptor.Number) != (int)(long)OciNamespaceSteps.FlagOf(candidate.Type))
                        throw new LittleboxException(ErrorKind.InvalidArgument, $"config.json: /linux/namespaces/{i}/path: {path} is not a namespace of type {candidate.Type.ToString().ToLowerInvariant()}");
                    // The container's root becomes the root of everyone in its mount namespace.
                    if (candidate.Type == LinuxNamespaceType.Mount && Kernel.Statx(descriptor.Number).Identity == Kernel.Statx(Linux.Text.Strace.CurrentDirectory, "/proc/self/ns/mnt", follow: true).Identity)
                        throw new ConfigException("config.json", $"/linux/namespaces/{i}/path", $"{path}, which is the runtime's own mount namespace", "another one: the container's mounts would be the host's");
                }
            },
            Undo = CloseNamespaces,
        });
    }

    private void CloseNamespaces()
    {
        foreach (Descriptor descriptor in joined.Values) descriptor.Dispose();
        joined.Clear();
    }

    private void WriteIdMaps()
    {
        IdMappings maps = OciIdMaps.Of(spec.Linux.UidMappings, spec.Linux.GidMappings);
        Plan.Add(new HostStep
        {
            Title = "Write the child's id maps",
            Why = "root inside is another, powerless id outside",
            Field = "/linux/uidMappings",
            Do = () => IdMapWriter.Write(Session!, maps),
            Calls = () => IdMapWriter.Describe(maps),
        });
    }
}
