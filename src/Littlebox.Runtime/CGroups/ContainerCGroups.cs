using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>One of a container's cgroups: a hierarchy and the place in it.</summary>
public sealed record CGroupMember(IReadOnlyList<string> Controllers, bool IsUnified, ICGroupNode Node)
{
    /// <summary>The first controller, <c>name=systemd</c>, or empty for version 2: what runc's state calls it.</summary>
    public string Name => IsUnified ? "" : Controllers[0];
}

/// <summary>
/// A container's cgroups: one of each hierarchy. Holds their directories open; what is done with them is in the classes beside this one
/// (<see cref="CGroupPlacement"/>, <see cref="CGroupFreezer"/>, <see cref="CGroupProcesses"/>, <see cref="CGroupRemoval"/>). Threads: one at a time.
/// </summary>
public sealed class ContainerCGroups : IDisposable
{
    private readonly List<CGroupMember> members = [];
    private readonly List<(string Parent, string Name)> made = [];

    private SortedDictionary<string, string>? known;

    private ContainerCGroups()
    {
    }

    /// <summary>All of them, version 1 first.</summary>
    public IReadOnlyList<CGroupMember> Members => members;

    /// <summary>The cgroup of version 2, where that is mounted.</summary>
    public CGroupMember? Unified => members.Find(static member => member.IsUnified);

    /// <summary>True where version 2 has everything.</summary>
    public bool IsUnified => members is [{ IsUnified: true }];

    /// <summary>The paths by controller, as runc's state has them (<c>cgroup_paths</c>); version 2 is the empty name. <see cref="Open"/> takes them back.</summary>
    public IReadOnlyDictionary<string, string> Paths
    {
        get
        {
            if (known is not null) return known;
            var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (CGroupMember member in members)
            {
                if (member.IsUnified) paths[""] = member.Node.Path;
                else foreach (string controller in member.Controllers) paths[controller] = member.Node.Path;
            }
            return known = paths;
        }
    }

    /// <summary>The cgroup that a controller's files are in, or <c>null</c> where no mounted hierarchy has that controller.</summary>
    public CGroupMember? Of(string controller)
    {
        foreach (CGroupMember member in members)
        {
            if (member.IsUnified ? ControllerEnabler.Words(member.Node, "cgroup.controllers").Contains(controller) : member.Controllers.Contains(controller)) return member;
        }
        return null;
    }

    /// <summary>Makes a container's cgroups, all on the way included. Where one cannot be made, those that were made are removed again.</summary>
    /// <param name="layout">The machine's hierarchies.</param>
    /// <param name="path">The place.</param>
    /// <param name="needed">Which controllers limits need, each with the field of config.json that needs it: checked on version 2, where they are delegated.</param>
    /// <param name="openRoot">Opens the root of a hierarchy; for tests.</param>
    /// <param name="mayLack">A hierarchy in which this user may make nothing, and that no limit needs, is left out: the container stays where its caller is.</param>
    /// <param name="pid">A process that somebody else (systemd) has put into those that he knows: it is put into the others. 0 for none.</param>
    /// <exception cref="LittleboxException">One cannot be made, has processes already, or is frozen; or a controller is not to be had.</exception>
    public static ContainerCGroups Make(CGroupLayout layout, CGroupPath path, IReadOnlyDictionary<string, string> needed, Func<CGroupHierarchy, ICGroupNode>? openRoot = null, bool mayLack = false, int pid = 0)
    {
        openRoot ??= CGroupNode.OpenRoot;
        var cgroups = new ContainerCGroups();
        try
        {
            var maker = new CGroupMaker(cgroups.made);
            foreach (CGroupHierarchy hierarchy in layout.All)
            {
                string beneath = path.Beneath(hierarchy, layout.IsHybrid);
                string[] here = [.. needed.Keys.Where(controller => layout.Of(controller) == hierarchy || (layout.IsUnified && layout.Of(controller) is null))];
                ControllerEnabler? enabler = hierarchy.IsUnified ? new ControllerEnabler(here, layout.IsUnified) : null;
                ICGroupNode node;
                try
                {
                    node = maker.OpenOrMake(hierarchy, openRoot(hierarchy), beneath, enabler);
                }
                catch (LittleboxException forbidden) when (forbidden.Kind is ErrorKind.NotSupported && (mayLack || here.Length > 0))
                {
                    if (here.Length == 0) continue;
                    throw new LittleboxException(ErrorKind.NotSupported, $"{needed[here[0]]} cannot be enforced by the controller {here[0]}: {forbidden.Message}", [.. forbidden.Details]);
                }
                var member = new CGroupMember(hierarchy.Controllers, hierarchy.IsUnified, node);
                cgroups.members.Add(member);
                foreach (string controller in here) enabler?.Verify(member.Node, controller, needed[controller]);
                if (pid != 0) PutInto(member, pid);
                else if (!cgroups.made.Contains(Split(member.Node.Path))) CheckUsable(member);
            }
            foreach ((string controller, string pointer) in needed)
            {
                if (layout.Of(controller) is null)
                    throw new LittleboxException(ErrorKind.NotSupported, $"{pointer} cannot be enforced: no cgroup hierarchy of this machine has the controller {controller}");
            }
            return cgroups;
        }
        catch
        {
            cgroups.Undo();
            cgroups.Dispose();
            throw;
        }
    }

    /// <summary>Where a container's cgroups will be, as <see cref="Paths"/>, before they are made.</summary>
    public static IReadOnlyDictionary<string, string> PathsOf(CGroupLayout layout, CGroupPath path)
    {
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (CGroupHierarchy hierarchy in layout.All)
        {
            string place = hierarchy.PathOf(path.Beneath(hierarchy, layout.IsHybrid));
            if (hierarchy.IsUnified) paths[""] = place;
            else foreach (string controller in hierarchy.Controllers) paths[controller] = place;
        }
        return paths;
    }

    /// <summary>Opens the cgroups of a container that is there, from its record (see <see cref="Paths"/>). Those that are gone are left out.</summary>
    public static ContainerCGroups Open(IReadOnlyDictionary<string, string> paths)
    {
        var cgroups = new ContainerCGroups();
        foreach (IGrouping<string, KeyValuePair<string, string>> group in paths.OrderBy(static pair => pair.Key.Length == 0).GroupBy(static pair => pair.Value))
        {
            string[] names = [.. group.Select(static pair => pair.Key)];
            bool isUnified = names is [""];
            if (CGroupNode.TryOpenAbsolute(group.Key, isUnified, out _) is { } node) cgroups.members.Add(new CGroupMember(isUnified ? [] : names, isUnified, node));
        }
        return cgroups;
    }

    /// <summary>Removes what <see cref="Make"/> has made, the last one first: for a start that failed. Cgroups that were there before stay.</summary>
    public void Undo()
    {
        for (int i = made.Count - 1; i >= 0; i--) CGroupRemoval.RemoveAt($"{made[i].Parent}/{made[i].Name}", IsUnifiedPath(made[i].Parent));
        made.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CGroupMember member in members) member.Node.Dispose();
        members.Clear();
    }

    private static bool IsUnifiedPath(string path)
    {
        using CGroupNode? node = CGroupNode.TryOpenAbsolute(path, isUnified: true, out _);
        return node is not null;
    }

    // Processes of others in it would be limited, frozen and killed with the container's (runtime-spec: the runtime may check, and must then refuse).
    private static void CheckUsable(CGroupMember member)
    {
        if ((member.Node.TryRead("cgroup.procs") ?? "").Length > 0)
            throw new LittleboxException(ErrorKind.InvalidArgument, $"/linux/cgroupsPath: {member.Node.Path} has processes in it already: a container needs a cgroup of its own");
        if (CGroupFreezer.IsFrozen(member))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"/linux/cgroupsPath: {member.Node.Path} is frozen, so that the container would never start");
    }

    private static void PutInto(CGroupMember member, int pid)
    {
        string number = Conversions.Text((long)pid);
        if ((member.Node.TryRead("cgroup.procs") ?? "").Split('\n').Contains(number)) return;
        // Where systemd keeps its own account nobody else may move its processes.
        if (member.IsUnified || member.Controllers is ["name=systemd"])
            throw new LittleboxException(ErrorKind.SystemError, $"systemd has not put the container's process into {member.Node.Path}, where it was to be");
        Errno error = member.Node.TryWrite("cgroup.procs", number);
        if (error is not Errno.None)
            throw new LittleboxException(ErrorKind.SystemError, $"the container's process cannot be put into {member.Node.Path}: {error.Describe()}", $"write({member.Node.Path}/cgroup.procs, \"{number}\") = -1 {error} ({error.Describe()})");
    }

    private static (string Parent, string Name) Split(string path) => (path[..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
}
