using Littlebox.Oci;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Who makes a container's cgroups, sets their properties, and removes them: the seam between the plan and the two ways that engines know, directories
/// (<c>cgroupfs</c>, <see cref="DirectoryCGroupManager"/>) and units of systemd (<see cref="SystemdCGroupManager"/>). <see cref="CGroupManagers"/> chooses. For one thread.
/// </summary>
public interface ICGroupManager
{
    /// <summary>What the container's record keeps, for <see cref="CGroupManagers.Of"/> to find the same manager again; empty for directories.</summary>
    string Record { get; }

    /// <summary>
    /// True where a cgroup can be made only around a process that is there already. Then the child waits right after its clone until <see cref="Make"/> has
    /// returned, and is in all of its cgroups by then; else it is cloned into them, or joins them by itself.
    /// </summary>
    bool NeedsProcess { get; }

    /// <summary>Where the cgroups are going to be, by controller as <see cref="ContainerCGroups.Paths"/>: noted before anything is made, so that what a killed <c>create</c> leaves is found.</summary>
    IReadOnlyDictionary<string, string> Paths { get; }

    /// <summary>Makes the cgroups.</summary>
    /// <param name="pid">The container's first process where <see cref="NeedsProcess"/>; else 0.</param>
    /// <exception cref="Linux.LittleboxException">They cannot be made; nothing is left but what <see cref="Undo"/> takes back once the process has ended.</exception>
    ContainerCGroups Make(int pid);

    /// <summary>Puts limits into force, at the start or later. Fields that are not set stay as they are.</summary>
    /// <exception cref="Linux.LittleboxException">One cannot be enforced; it says which field, and why.</exception>
    void Limit(ContainerCGroups cgroups, LinuxResources resources);

    /// <summary>Takes back what <see cref="Make"/> has made, for a start that failed; whoever is in it has been killed. Must not throw for what is gone.</summary>
    /// <param name="cgroups">What it has made; <c>null</c> where it failed on the way.</param>
    void Undo(ContainerCGroups? cgroups);

    /// <summary>True where this user may not put a further process into a container's cgroups himself, and <see cref="Attach"/> can.</summary>
    bool Attaches => false;

    /// <summary>Moves a process that is there into a container's cgroup, see <see cref="Attaches"/>.</summary>
    /// <param name="pid">The process; it waits.</param>
    /// <param name="beneath">The path beneath the container's cgroup; empty for that itself.</param>
    /// <exception cref="Linux.LittleboxException">It cannot be moved.</exception>
    void Attach(int pid, string beneath) => throw new NotSupportedException();

    /// <summary>Removes the cgroups at the end of the container at once, where nobody is in them.</summary>
    /// <returns>False where there is something left, for <see cref="Remove"/>.</returns>
    bool TryRemoveNow(IReadOnlyDictionary<string, string> paths) => false;

    /// <summary>Removes the cgroups at the end of the container, when nobody is in them any more. The container's directories are closed.</summary>
    /// <exception cref="Linux.LittleboxException">One could not be removed.</exception>
    void Remove(ContainerCGroups cgroups);
}
