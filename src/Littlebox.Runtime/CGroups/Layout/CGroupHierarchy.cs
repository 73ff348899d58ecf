namespace Littlebox.Runtime.CGroups;

/// <summary>One tree of cgroups that is mounted here: a version 1 hierarchy with its controllers, or the version 2 (unified) one.</summary>
/// <param name="Controllers">
/// Version 1: the controllers, or <c>name=systemd</c> for a hierarchy without any. Version 2: what <c>cgroup.controllers</c> of its root names.
/// </param>
/// <param name="IsUnified">True for version 2.</param>
/// <param name="MountPoint">Where it is mounted, absolute.</param>
/// <param name="Root">Which cgroup its mount shows as the root: <c>/</c>, or another one within a container that has no cgroup namespace.</param>
/// <param name="Own">The cgroup of this process as the kernel names it, in the cgroup namespace of this process.</param>
public sealed record CGroupHierarchy(IReadOnlyList<string> Controllers, bool IsUnified, string MountPoint, string Root, string Own)
{
    /// <summary>The name under which engines and state files know it: the first controller, <c>name=systemd</c>, or empty for version 2.</summary>
    public string Name => IsUnified ? "" : Controllers[0];

    /// <summary>The own cgroup's path beneath the mount point, without slashes at its ends; empty for the root, also where the mount does not show it.</summary>
    public string OwnBeneath
    {
        get
        {
            string root = Root == "/" ? "" : Root;
            bool shown = root.Length == 0 || Own == root || Own.StartsWith(root + "/", StringComparison.Ordinal);
            return shown && !Own.StartsWith("/..", StringComparison.Ordinal) ? Own[root.Length..].Trim('/') : "";
        }
    }

    /// <summary>The absolute path of a cgroup of this hierarchy.</summary>
    /// <param name="beneath">Relative to the mount point.</param>
    public string PathOf(string beneath) => beneath.Length == 0 ? MountPoint : $"{MountPoint}/{beneath}";
}
