using Littlebox.Linux;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary>The cgroups of a container that is there, from its record: for <c>pause</c>, <c>update</c>, <c>kill</c>, <c>delete</c>, <c>exec</c>.</summary>
public static class OciCGroups
{
    /// <summary>Opens them. Those that have gone are left out.</summary>
    public static ContainerCGroups Open(OciContainerState state) => ContainerCGroups.Open(state.CGroups);

    /// <summary>True where the container is paused.</summary>
    public static bool IsPaused(OciContainerState state) => CGroupFreezer.IsFrozen(state.CGroups);

    /// <summary>
    /// What a further process of the container needs to be in its cgroups (<c>exec</c>): to be cloned with <see cref="CGroupPlacement.Unified"/>, keep
    /// <see cref="CGroupPlacement.TaskFiles"/>, and begin with <c>OciCGroupSteps.Join</c>. The caller disposes of it behind the clone.
    /// </summary>
    /// <param name="state">The container's record.</param>
    /// <param name="beneath">Cgroups beneath the container's that are there already, as <c>--cgroup</c> has them: a path, or <c>CONTROLLER,CONTROLLER:PATH</c>.</param>
    /// <exception cref="LittleboxException">One has gone, may not be written to, or is named for a controller that the container's cgroups do not have.</exception>
    public static CGroupPlacement Place(OciContainerState state, IReadOnlyList<string> beneath)
    {
        using ContainerCGroups cgroups = Open(state);
        return CGroupPlacement.Prepare(cgroups, Beneath(cgroups, state, beneath));
    }

    /// <summary>Puts a further process of the container into its cgroups by its number, where this user may not do it himself; <c>null</c> where he may, and <see cref="Place"/> is the way.</summary>
    /// <param name="state">The container's record.</param>
    /// <param name="beneath">As for <see cref="Place"/>.</param>
    public static Action<int>? Attach(OciContainerState state, IReadOnlyList<string> beneath)
    {
        ICGroupManager manager = CGroupManagers.Of(state.CGroupManager);
        if (!manager.Attaches) return null;
        using ContainerCGroups cgroups = Open(state);
        string path = cgroups.Unified is { } unified ? Beneath(cgroups, state, beneath)(unified) ?? "" : "";
        return pid => manager.Attach(pid, path);
    }

    /// <summary>Ends whoever is left in a container's cgroups, and removes them. For a container whose first process has ended.</summary>
    /// <exception cref="LittleboxException">One could not be removed.</exception>
    public static void Remove(OciContainerState state) => Remove(state.CGroupManager, state.CGroups, kill: true);

    /// <summary>Removes the cgroups that a killed <c>create</c> has left. Its child ends by itself; nobody is killed, as they may have been somebody else's before.</summary>
    public static void Remove(CGroupNote note) => Remove(note.Manager, note.Paths, kill: false);

    private static void Remove(string manager, IReadOnlyDictionary<string, string> paths, bool kill)
    {
        if (paths.Count == 0) return;
        ICGroupManager maker = CGroupManagers.Of(manager);
        if (maker.TryRemoveNow(paths)) return;
        using ContainerCGroups cgroups = ContainerCGroups.Open(paths);
        if (kill && CGroupProcesses.Of(cgroups).Count > 0) CGroupProcesses.KillAll(cgroups);
        maker.Remove(cgroups);
    }

    // Where in each of the container's cgroups a further process belongs.
    private static Func<CGroupMember, string?> Beneath(ContainerCGroups cgroups, OciContainerState state, IReadOnlyList<string> beneath)
    {
        if (beneath.Count == 0) return member => member.IsUnified ? Inner(cgroups, state) : null;
        var places = new Dictionary<CGroupMember, string>();
        foreach (string given in beneath)
        {
            int colon = given.IndexOf(':');
            string path = given[(colon + 1)..];
            if (path.Split('/').Contains("..")) throw new LittleboxException(ErrorKind.InvalidArgument, $"--cgroup {given}: a cgroup beneath the container's, without ..");
            if (colon < 0)
            {
                foreach (CGroupMember member in cgroups.Members) places[member] = path;
                continue;
            }
            foreach (string controller in given[..colon].Split(','))
            {
                CGroupMember member = cgroups.Members.FirstOrDefault(candidate => controller.Length == 0 ? candidate.IsUnified : candidate.Controllers.Contains(controller))
                    ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"--cgroup {given}: the container has no cgroup of version 1 with the controller {controller}; version 2 has one for all, without a controller's name");
                places[member] = path;
            }
        }
        return places.GetValueOrDefault;
    }

    // A container that has made cgroups of its own in version 2 (systemd inside) has no process in its topmost one any more, and can have none there: then beside its first process.
    private static string? Inner(ContainerCGroups cgroups, OciContainerState state)
    {
        if (cgroups.Unified is not { } unified || string.IsNullOrWhiteSpace(unified.Node.TryRead("cgroup.subtree_control"))) return null;
        if (CGroupLayout.TryRead()?.Unified is not { } hierarchy || !unified.Node.Path.StartsWith(hierarchy.MountPoint, StringComparison.Ordinal)) return null;
        string place = $"{(hierarchy.Root == "/" ? "" : hierarchy.Root)}{unified.Node.Path[hierarchy.MountPoint.Length..]}/";
        foreach (string line in (SmallFile.TryReadText($"/proc/{state.Pid}/cgroup") ?? "").Split('\n'))
        {
            if (line.StartsWith("0::" + place, StringComparison.Ordinal)) return line[(3 + place.Length)..];
        }
        return null;
    }
}
