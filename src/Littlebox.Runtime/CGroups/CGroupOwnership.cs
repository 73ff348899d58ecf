using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Gives a container's version 2 cgroup to the user that its processes run as, so that they may make cgroups beneath (runtime-spec, config-linux.md,
/// Cgroup ownership). Only for a container with a new cgroup namespace and a writable cgroup mount; the caller knows. Never on version 1, where it
/// is not safe.
/// </summary>
public static class CGroupOwnership
{
    // What the specification says where the kernel does not (before 4.15).
    private static readonly string[] Fallback = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"];

    /// <summary>Changes the owner of the directory and of the files that may be delegated; of others never, as they hold the limits.</summary>
    /// <param name="cgroups">The container's cgroups.</param>
    /// <param name="uid">The user as the machine has it.</param>
    /// <exception cref="SystemCallException">It may not be given away.</exception>
    public static void GiveTo(ContainerCGroups cgroups, int uid)
    {
        if (!cgroups.IsUnified) return;
        int directory = cgroups.Unified!.Node.Descriptor;
        Kernel.FchownAt(directory, "", uid, -1, 0x1000);
        foreach (string file in SmallFile.TryReadText("/sys/kernel/cgroup/delegate")?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? Fallback)
        {
            if (file.Contains('/')) continue;
            int result = Kernel.TryFchownAt(directory, file, uid, -1);
            // Not every cgroup has every file.
            if (Kernel.ErrorOf(result) is not (Errno.None or Errno.ENOENT)) Kernel.FchownAt(directory, file, uid, -1);
        }
    }
}
