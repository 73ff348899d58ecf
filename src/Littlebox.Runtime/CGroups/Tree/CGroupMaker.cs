using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>Makes the directories on the way to a container's cgroup, and prepares each level for what is beneath it.</summary>
/// <param name="made">Takes what was made, in order: parent and name, to be removed again where the start fails.</param>
internal sealed class CGroupMaker(List<(string Parent, string Name)> made)
{
    /// <summary>Opens a cgroup, and makes what is missing.</summary>
    /// <param name="hierarchy">The hierarchy.</param>
    /// <param name="root">Its root; disposed of by this call.</param>
    /// <param name="beneath">The path beneath the root.</param>
    /// <param name="enabler">Version 2: enables controllers for the next level, called with each level above the last one. Version 1: <c>null</c>.</param>
    public ICGroupNode OpenOrMake(CGroupHierarchy hierarchy, ICGroupNode root, string beneath, ControllerEnabler? enabler)
    {
        ICGroupNode current = root;
        bool isCpuSet = !hierarchy.IsUnified && hierarchy.Controllers.Contains("cpuset");
        // What is there already on version 1 has nothing left to prepare, but in cpuset, where an empty set lets nobody in.
        string[] parts = beneath.Split('/');
        if (!hierarchy.IsUnified && !isCpuSet && parts.Length > 1 && root.TryOpen(beneath, out _) is { } present)
        {
            root.Dispose();
            return present;
        }
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i];
            ICGroupNode parent = current;
            try
            {
                enabler?.EnableBelow(parent);
                // The last one is new, mostly: it is looked for only where it cannot be made.
                Errno error = Errno.ENOENT;
                current = (i < parts.Length - 1 ? parent.TryOpen(part, out error) : null) ?? MakeOne(parent, part, error);
                if (isCpuSet) FillCpuSet(current, parent);
            }
            finally
            {
                parent.Dispose();
            }
        }
        return current;
    }

    private ICGroupNode MakeOne(ICGroupNode parent, string name, Errno error)
    {
        if (error is Errno.ENOENT)
        {
            error = parent.TryMake(name);
            if (error is Errno.None) made.Add((parent.Path, name));
            // EEXIST: another container of the same parent was quicker
            if (error is Errno.None or Errno.EEXIST && parent.TryOpen(name, out error) is { } node) return node;
        }
        string remedy = error switch
        {
            Errno.EACCES or Errno.EPERM => ": this user may not make cgroups there; have a cgroup delegated, for instance by systemd-run --user --scope -p Delegate=yes",
            Errno.EROFS => ": it is mounted read-only, as in a container",
            Errno.EAGAIN => ": cgroup.max.descendants or cgroup.max.depth of a cgroup above is reached",
            Errno.ELOOP => ": something on the way is a symbolic link",
            _ => "",
        };
        throw new LittleboxException(error is Errno.EACCES or Errno.EPERM or Errno.EROFS ? ErrorKind.NotSupported : ErrorKind.SystemError,
            $"the cgroup {parent.Path}/{name} cannot be made{remedy}", $"mkdirat({parent.Path}, \"{name}\", 0755) = -1 {error} ({error.Describe()})");
    }

    // A new cgroup of version 1 may use no processor and no memory node, and no process can be put into it (cpuset(7)); so it gets its parent's.
    private static void FillCpuSet(ICGroupNode node, ICGroupNode parent)
    {
        foreach (string file in (string[])["cpuset.cpus", "cpuset.mems"])
        {
            if (node.TryRead(file)?.Trim() is "" && parent.TryRead(file)?.Trim() is { Length: > 0 } inherited) node.TryWrite(file, inherited);
        }
    }
}
