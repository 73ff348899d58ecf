using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime.Ids;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime;

/// <summary>
/// The plan of one container, from its request, and what running the plan brings about: the directory, the child. The order of this file is the order
/// of events. Making the plan touches nothing.
/// </summary>
public sealed class ContainerLaunch : Launch
{
    private readonly ContainerRequest request;
    private readonly StateStore store;
    private readonly List<Descriptor> joined = [];
    private readonly Inside inside;
    private readonly bool twice;
    private readonly LaunchScript script;
    private ContainerDirectory? directory;
    private MadePlaces? places;
    private string? nowMapped;

    /// <summary>Makes the plan.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="store">Where the container's directory goes.</param>
    public ContainerLaunch(ContainerRequest request, StateStore store)
    {
        this.request = request;
        this.store = store;
        inside = new Inside(Plan, request);
        // A joined user or pid namespace counts from the next clone on, so there is one more.
        twice = request.Namespaces.User.Source == NamespaceSource.Path || request.Namespaces.Pid.Source == NamespaceSource.Path;
        script = new LaunchScript(request, Choices);
        if (script.HoldsUserNamespace) Plan.ShellOfInside = () => [script.RunInside(NewNamespaces & ~NamespaceFlags.User)];

        AddHostPart();
        AddInside();
        AddRecord();
    }

    /// <summary>What has been written down of the container.</summary>
    public ContainerRecord? Record { get; private set; }

    private NamespaceFlags NewNamespaces
    {
        get
        {
            NamespaceFlags flags = NamespaceFlags.Mount;
            foreach ((NamespaceFlags kind, NamespaceChoice choice, _, _) in Choices())
            {
                if (choice.Source == NamespaceSource.Private) flags |= kind;
            }
            return flags;
        }
    }

    // The root, and what lies below it as a lower layer of its own.
    private IEnumerable<string> MappedDirectories => [request.Root.Directory, .. request.Root.Layers];

    // Message queues belong to whoever makes their namespace, and to nobody where that is not somebody of the user namespace.
    private bool MakesIpcAsRoot => request.Namespaces.Ipc.Source == NamespaceSource.Private
        && (request.Namespaces.User.Source == NamespaceSource.Path || request.RootIsAnother);

    private NamespaceFlags ClonedNamespaces => MakesIpcAsRoot ? NewNamespaces & ~NamespaceFlags.Ipc : NewNamespaces;

    private void AddHostPart()
    {
        if (request.Root.Making is { } making)
        {
            Plan.Add(new HostStep
            {
                Title = making,
                Why = "once; it is kept as a read-only lower layer, and the next container from it starts at once",
                Field = "ROOT",
                Do = static () => throw new InvalidOperationException("this plan is only to be explained"),
                Calls = () => [$"mkdirat(…, {Linux.Text.Strace.Quote(request.Root.Directory)}, 0700), and a file for each entry"],
            });
        }
        Plan.Add(new HostStep
        {
            Title = "Take a directory for the container",
            Why = "its name is its own while littlebox holds the lock; if littlebox dies, the kernel lets go of the lock, and the next command tidies up",
            Field = "--name",
            Do = () => directory = ContainerDirectory.Take(store, request.Name),
            Hint = StoreHint,
            Undo = () => directory?.Release(),
            Calls = () => [$"mkdirat(<containers>, {Linux.Text.Strace.Quote(request.Name)}, 0700)", "flock(<directory>, LOCK_EX|LOCK_NB)"],
            Shell = () => script.TakeDirectory(),
        });
        if (!request.Root.Overlay)
        {
            Plan.Add(new HostStep
            {
                Title = "Note what will be made in the root",
                Why = "the directory is the user's own: places for mounts that are missing in it are made, and go again with the last container that uses it; noted before, so that the next command knows it where littlebox is killed",
                Field = "ROOT",
                Do = () => places = MadePlaces.Watch(store, request.Root.Directory, PlaceSteps.Of(request)),
                Undo = () => places?.Release(),
                Calls = () =>
                [
                    "flock(<root>, LOCK_SH|LOCK_NB)",
                    .. PlaceSteps.Of(request).Select(static place => $"openat2(<root>, {Linux.Text.Strace.Quote(place[1..])}, {{flags=O_PATH|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}}, 24)"),
                ],
                Shell = () => PlaceSteps.Shell(request, script.End),
            });
        }

        List<(NamespaceFlags Kind, NamespaceChoice Choice, string What, string Field)> joins = Joins();
        if (joins.Count > 0)
        {
            Plan.Add(new HostStep
            {
                Title = "Open the namespaces to join",
                Why = "by descriptor, so that they live until they have been joined, and so that a file that is no namespace is refused now",
                Field = string.Join(", ", joins.Select(static join => join.Field)),
                Do = () =>
                {
                    foreach ((NamespaceFlags kind, NamespaceChoice choice, string what, string field) in joins) joined.Add(OpenNamespace(choice.Path!, kind, what, field));
                },
                Undo = () =>
                {
                    foreach (Descriptor descriptor in joined) descriptor.Dispose();
                    joined.Clear();
                },
                Calls = () => joins.Select(static join => $"openat(AT_FDCWD, {Linux.Text.Strace.Quote(join.Choice.Path!)}, O_RDONLY|O_CLOEXEC)"),
            });
        }

        Plan.AddStart(new HostStep
        {
            Title = "Start the child in its new namespaces",
            Why = "one clone3 makes all of them at once; a cloned child has a single thread, as the kernel wants it for user namespaces, and runs the steps inside without the .NET runtime",
            Do = StartChild,
            Undo = StopAll,
            Calls = () => [$"clone3({{flags={CallFlags.Of(twice ? NamespaceFlags.None : ClonedNamespaces)}, exit_signal=SIGCHLD}}, 88)"],
            Shell = () => script.HoldsUserNamespace ? script.HoldUserNamespace() : [script.RunInside(NewNamespaces)],
        });

        if (request.Mappings is { } maps)
        {
            Plan.Add(new HostStep
            {
                Title = "Write the child's id maps",
                Why = maps.ByHelper ? "an ordinary user may map no ids but its own; newuidmap and newgidmap may map the ranges that /etc/subuid and /etc/subgid give to this user"
                    : maps.Single ? "an ordinary user may map its own id, once setgroups is denied: without that, a process could drop a group that forbids it something"
                    : "root inside is another, powerless id outside",
                Field = "--userns",
                Do = () => IdMapWriter.Write(Session!, maps),
                Calls = () => IdMapWriter.Describe(maps),
                Shell = () => script.WriteMaps(maps),
            });
        }
        if (request.IdMappedRoot)
        {
            Plan.Add(new HostStep
            {
                Title = "Map the owners of the root",
                Why = "the files of the root belong to the host's ids; an idmapped copy of the mount shows them as the container's, and changes nothing on the disk",
                Field = "--userns",
                Do = PassRoot,
                Calls = () => MappedDirectories.SelectMany(static directory => (string[])
                [
                    $"open_tree(AT_FDCWD, {Linux.Text.Strace.Quote(directory)}, OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)",
                    $"mount_setattr(<{directory}>, \"\", AT_EMPTY_PATH, {{attr_set=MOUNT_ATTR_IDMAP, userns_fd=</proc/PID/ns/user>}}, 32)",
                ]),
                Shell = () => script.MapOwners(MappedDirectories),
                Hint = error => error is Errno.EINVAL ? $"the file system of {nowMapped} cannot map owners (idmapped mounts): 'littlebox doctor' tells which can; without --userns it runs" : null,
            });
        }
    }

    private void AddInside()
    {
        // Who: a process of the host, with the host's root, in new namespaces, root in those that are its own.
        bool leavesLater = !MayLeaveImage && request.Namespaces.User.Source == NamespaceSource.Path;
        if (!leavesLater) AddLeaveImage();
        if (twice)
        {
            JoinFor(NamespaceFlags.User);
            if (leavesLater) AddLeaveImage();
            JoinFor(NamespaceFlags.Pid);
            inside.Add("Clone once more", "a process cannot change its own pid namespace, only its children's; the clone is littlebox's child, and its maker ends",
                program =>
                {
                    program.Clone(ClonedNamespaces);
                    program.Report(MessageKind.Ready);
                },
                field: request.Namespaces.Pid.Source == NamespaceSource.Path ? "--pid" : "--userns");
        }
        IdentitySteps.TieLife(inside);
        if (request.Mappings is not null) IdentitySteps.AwaitMaps(inside);
        JoinFor(NamespaceFlags.Network);
        JoinFor(NamespaceFlags.Ipc);
        JoinFor(NamespaceFlags.Uts);
        JoinFor(NamespaceFlags.CGroup);
        if (request.Namespaces.Time.Source == NamespaceSource.Path) JoinFor(NamespaceFlags.Time);
        if (request.Namespaces.Network.Source == NamespaceSource.Private) IdentitySteps.Loopback(inside);
        if (request.Namespaces.Uts.Source == NamespaceSource.Private) IdentitySteps.HostName(inside);

        // Who: the same. What is on the host is opened now.
        VolumeSteps.OpenSharedSources(inside);
        RootSteps.StopPropagation(inside);
        RootSteps.OpenHost(inside);
        VolumeSteps.OpenSources(inside);
        if (request.Mappings is not null || request.Namespaces.User.Source == NamespaceSource.Path) IdentitySteps.BecomeRoot(inside);
        if (MakesIpcAsRoot) IdentitySteps.MakeIpc(inside);

        // Who: the container's root, still in the host's tree. The new root is furnished from the outside.
        RootSteps.MakeScratch(inside);
        if (!request.Root.Overlay) RootSteps.BindRoot(inside);
        else if (request.Root.Links is null) OverlaySteps.Root(inside);
        else OverlaySteps.EmptyRoot(inside);
        for (int i = 0; i < request.Root.Layers.Count; i++) OverlaySteps.Layer(inside, i);
        SystemMountSteps.Proc(inside);
        SystemMountSteps.Sys(inside);
        SystemMountSteps.Dev(inside);
        SystemMountSteps.DevMounts(inside);
        SystemMountSteps.NetworkFiles(inside);
        VolumeSteps.Mount(inside);
        if (!request.Unmasked)
        {
            MaskSteps.Mask(inside);
            MaskSteps.Protect(inside);
        }
        if (request.Terminal) ProcessSteps.OpenTerminal(inside);
        if (request.ReadOnlyRoot) RootSteps.MakeReadOnly(inside);
        RootSteps.Pivot(inside);
        RootSteps.DetachOldRoot(inside);

        // Who: the container's root, in the container. From here on only less.
        if (request.Init) ProcessSteps.StartInit(inside);
        ProcessSteps.StartSession(inside);
        ProcessSteps.EnterDirectory(inside);
        if (request.Capabilities != CapabilitySet.Full) ProcessSteps.DropCapabilities(inside, request.InUserNamespace ? CapabilitySet.Full : Kernel.PermittedCapabilities);
        ProcessSteps.BecomeUser(inside);
        ProcessSteps.Execute(inside, first: !request.Init && request.Namespaces.Pid.Source == NamespaceSource.Private);
    }

    private void AddRecord()
    {
        Plan.Add(new HostStep
        {
            Title = "Write down the container",
            Why = "so that 'littlebox ps', 'exec' and 'ns' find it by its name; the child is already at work meanwhile",
            Field = "--name",
            Do = WriteRecord,
            Calls = () => [$"openat(<directory>, \".state.json.PID\", O_WRONLY|O_CREAT|O_TRUNC|O_NOFOLLOW|O_CLOEXEC, 0600)", "write(…)", "renameat2(…, \"state.json\", 0)"],
        });
    }

    private string? StoreHint(Errno error)
    {
        string remedy = Kernel.EffectiveUid == 0 ? $"it must be a directory on a file system that can be written to, as /run is: mount -t tmpfs tmpfs {store.Directory}"
            : $"set XDG_RUNTIME_DIR to a directory of this user's own (now it is {(Linux.Text.ProcessText.Variable("XDG_RUNTIME_DIR") is { Length: > 0 } now ? Linux.Text.Strace.Quote(now) : "not set")})";
        return error switch
        {
            Errno.EROFS => $"{store.Directory}, where running containers are noted, is read-only; {remedy}",
            Errno.EACCES or Errno.EPERM or Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP => $"{store.Directory}, where running containers are noted, cannot be made or opened: {error.Describe().ToLowerInvariant()}; {remedy}",
            Errno.ENOSPC or Errno.EDQUOT => $"no space is left where running containers are noted, at {store.Directory}",
            _ => null,
        };
    }

    private void StartChild()
    {
        Span<int> keep = stackalloc int[joined.Count];
        for (int i = 0; i < keep.Length; i++) keep[i] = joined[i].Number;
        Start(twice ? NamespaceFlags.None : ClonedNamespaces, keep, clonesAgain: twice);
    }

    private void StopAll()
    {
        Stop();
        // Without a pid namespace of its own, other processes of the container may have survived the first.
        if (Record is { SharesPids: true } record) Tidy.KillAllIn(record.MountNamespace);
    }

    private void PassRoot()
    {
        if (!Session!.Await(MessageKind.Ready)) throw new SystemCallException("recvmsg(channel)", Errno.ECONNRESET);
        using Descriptor user = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, $"/proc/{Session.Child.Pid}/ns/user", OpenFlags.ReadOnly);
        List<Descriptor> trees = [];
        try
        {
            foreach (string mapped in MappedDirectories)
            {
                nowMapped = mapped;
                trees.Add(Kernel.OpenTree(Linux.Text.Strace.CurrentDirectory, mapped, OpenTreeFlags.Clone));
                Kernel.MountSetAttr(trees[^1].Number, "", recursive: false, new MountAttributesArgument { Set = (ulong)MountAttributes.IdMapped, UserNamespace = (ulong)user.Number });
            }
            // The answer to Ready is the messages that carry the descriptors.
            Session.Child.Answer();
            foreach (Descriptor tree in trees) Session.Child.Answer(tree.Number);
        }
        finally
        {
            foreach (Descriptor tree in trees) tree.Dispose();
        }
    }

    private void WriteRecord()
    {
        int pid = Session!.Child.Pid;
        bool shares = request.Namespaces.Pid.Source != NamespaceSource.Private;
        Record = new ContainerRecord
        {
            Name = request.Name,
            Pid = pid,
            StartedAtBootTime = Kernel.BootTime,
            Started = DateTimeOffset.UtcNow,
            Owner = Kernel.ProcessId,
            Root = request.Root.Word,
            Command = request.Command,
            Environment = request.Environment,
            Capabilities = request.Capabilities,
            SharesPids = shares,
            PidFile = PidFile,
            MountNamespace = shares && Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, $"/proc/{pid}/ns/mnt", follow: true, out FileStatus status) >= 0 ? status.Inode : 0,
        };
        directory!.Write(Record);
    }

    private List<(NamespaceFlags Kind, NamespaceChoice Choice, string What, string Field)> Joins()
    {
        List<(NamespaceFlags, NamespaceChoice, string, string)> joins = [];
        foreach ((NamespaceFlags Kind, NamespaceChoice Choice, string What, string Field) choice in Choices())
        {
            if (choice.Choice.Source == NamespaceSource.Path) joins.Add(choice);
        }
        return joins;
    }

    private void JoinFor(NamespaceFlags kind)
    {
        int index = -1;
        foreach ((NamespaceFlags candidate, NamespaceChoice choice, string what, string field) in Choices())
        {
            if (choice.Source != NamespaceSource.Path) continue;
            index++;
            int place = index;
            if (candidate == kind) IdentitySteps.Join(inside, what, field, choice.Path!, kind, () => place < joined.Count ? joined[place].Number : -1);
        }
    }

    private IEnumerable<(NamespaceFlags Kind, NamespaceChoice Choice, string What, string Field)> Choices()
    {
        NamespaceChoices namespaces = request.Namespaces;
        yield return (NamespaceFlags.User, namespaces.User, "user", "--userns");
        yield return (NamespaceFlags.Uts, namespaces.Uts, "uts", "--uts");
        yield return (NamespaceFlags.Ipc, namespaces.Ipc, "ipc", "--ipc");
        yield return (NamespaceFlags.Network, namespaces.Network, "network", "--net");
        yield return (NamespaceFlags.Pid, namespaces.Pid, "pid", "--pid");
        yield return (NamespaceFlags.CGroup, namespaces.CGroup, "cgroup", "--cgroupns");
        yield return (NamespaceFlags.Time, namespaces.Time, "time", "--time");
    }

    private static Descriptor OpenNamespace(string path, NamespaceFlags kind, string what, string field)
    {
        Descriptor descriptor = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.ReadOnly);
        int type = Kernel.TryGetNamespaceType(descriptor.Number);
        if (type == (int)(long)kind) return descriptor;
        descriptor.Dispose();
        throw new LittleboxException(ErrorKind.InvalidArgument, $"{field}=ns:{path}: not a {what} namespace{(type < 0 ? "" : $" but one of {CallFlags.Of((NamespaceFlags)type)}")}");
    }
}
