using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Takes one survey: what has been found so far, and how a namespace leads to its parent and owner.</summary>
internal sealed partial class Surveyor : IDisposable
{
    private readonly SurveyScope scope;
    private readonly Descriptor proc = Kernel.OpenAt2(Strace.CurrentDirectory, "/proc", OpenFlags.ReadOnly | OpenFlags.Directory);
    private readonly Dictionary<NamespaceId, LiveNamespace> found = [];
    private readonly HashSet<NamespaceId> explored = [];
    private int hiddenProcesses, hiddenMountNamespaces;

    public Surveyor(SurveyScope scope) => this.scope = scope;

    public NamespaceSurvey Run()
    {
        WalkTasks();
        if (scope.Mounts) WalkMounts();
        foreach (LiveNamespace each in found.Values)
        {
            if (each.Leader is { } leader) leader.Command = CommandOf(leader);
            each.Found.Sort(static (one, other) => Rank(one).CompareTo(Rank(other)));
        }
        return new NamespaceSurvey(found, hiddenProcesses, hiddenMountNamespaces);
    }

    public void Dispose()
    {
        foreach (Descriptor each in lonely.Values) each.Dispose();
        lonely.Clear();
        proc.Dispose();
    }

    private LiveNamespace Get(NamespaceId id)
    {
        if (!found.TryGetValue(id, out LiveNamespace? known)) found[id] = known = new LiveNamespace(id);
        return known;
    }

    private void Hold(NamespaceId id, Holder holder) => Get(id).Found.Add(holder);

    /// <summary>Asks a namespace for its parent and owner, and those for theirs, each namespace once in the survey.</summary>
    private void Explore(int descriptor)
    {
        if (NamespaceFile.IdOf(descriptor) is not { } id || !explored.Add(id)) return;
        LiveNamespace current = Get(id);
        if (id.Kind is NamespaceFlags.Mount) KeepLonely(id, descriptor);
        if (id.Kind is NamespaceFlags.User) current.MakerUid = Kernel.TryGetOwnerUid(descriptor);
        if (id.Kind is NamespaceFlags.User or NamespaceFlags.Pid && Follow(Kernel.TryGetParentNamespace(descriptor)) is { } parent)
        {
            current.Parent = parent;
            Hold(parent, new ChildHolder(id));
        }
        if (id.Kind is NamespaceFlags.User)
        {
            current.Owner = current.Parent; // a user namespace is owned by its parent, which ChildHolder says already
        }
        else if (Follow(Kernel.TryGetOwningUserNamespace(descriptor)) is { } owner)
        {
            current.Owner = owner;
            Hold(owner, new OwnedHolder(id));
        }
    }

    /// <summary>Takes the result of an ioctl that opens a namespace, explores it and returns which it is; <c>null</c> where the ioctl failed (EPERM: not ours to know).</summary>
    private NamespaceId? Follow(int opened)
    {
        if (opened < 0) return null;
        using var descriptor = new Descriptor(opened);
        Explore(opened);
        return NamespaceFile.IdOf(opened);
    }

    private string CommandOf(ProcessFacts process)
    {
        string? line = SmallFile.TryReadText($"{process.Pid}/cmdline", 1 << 16, proc.Number);
        return string.IsNullOrEmpty(line) ? process.Name : line.TrimEnd('\0').Replace('\0', ' ');
    }

    private static (int, long, long) Rank(Holder holder) => holder switch
    {
        ProcessHolder process => (0, process.Pid, 0),
        ThreadHolder thread => (1, thread.Pid, thread.Tid),
        ChildrenHolder children => (2, children.Pid, children.Tid),
        DescriptorHolder descriptor => (3, descriptor.Tid, descriptor.Number),
        SocketHolder socket => (4, socket.Pid, socket.Number),
        MountHolder mount => (5, mount.IsOurs ? 0 : (long)mount.MountNamespace, mount.MountId),
        ChildHolder child => (6, (long)child.Child.Inode, 0),
        OwnedHolder owned => (7, (long)owned.Owned.Inode, 0),
        _ => (8, 0, 0),
    };
}
