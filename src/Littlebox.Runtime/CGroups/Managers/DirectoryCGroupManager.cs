using Littlebox.Oci;

namespace Littlebox.Runtime.CGroups;

/// <summary>Makes cgroups as directories: what engines call the manager <c>cgroupfs</c>.</summary>
public sealed class DirectoryCGroupManager : ICGroupManager
{
    private readonly CGroupLayout? layout;
    private readonly CGroupPath? path;
    private readonly IReadOnlyDictionary<string, string> needed = new Dictionary<string, string>();
    private readonly bool mayLack;

    /// <summary>For a container that is to be made.</summary>
    /// <param name="layout">The machine's hierarchies.</param>
    /// <param name="path">The place.</param>
    /// <param name="needed">The controllers that limits need, each with a field that needs it.</param>
    /// <param name="mayLack">A hierarchy in which this user may make nothing, and which no limit needs, is left out.</param>
    public DirectoryCGroupManager(CGroupLayout layout, CGroupPath path, IReadOnlyDictionary<string, string> needed, bool mayLack)
    {
        this.layout = layout;
        this.path = path;
        this.needed = needed;
        this.mayLack = mayLack;
    }

    /// <summary>For a container that is there.</summary>
    public DirectoryCGroupManager()
    {
    }

    /// <inheritdoc/>
    public string Record => "";

    /// <inheritdoc/>
    public bool NeedsProcess => false;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Paths => layout is null ? new Dictionary<string, string>() : ContainerCGroups.PathsOf(layout, path!);

    /// <inheritdoc/>
    public ContainerCGroups Make(int pid) => ContainerCGroups.Make(layout!, path!, needed, mayLack: mayLack);

    /// <inheritdoc/>
    public void Limit(ContainerCGroups cgroups, LinuxResources resources) => ResourceLimits.Apply(cgroups, resources);

    /// <inheritdoc/>
    public void Undo(ContainerCGroups? cgroups) => cgroups?.Undo();

    /// <inheritdoc/>
    public bool TryRemoveNow(IReadOnlyDictionary<string, string> paths) => CGroupRemoval.TryRemoveNow(paths);

    /// <inheritdoc/>
    public void Remove(ContainerCGroups cgroups) => CGroupRemoval.Remove(cgroups);
}
