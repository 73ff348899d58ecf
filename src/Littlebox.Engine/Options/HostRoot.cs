using Littlebox.Linux;
using Littlebox.Runtime.Request;

namespace Littlebox.Engine.Options;

/// <summary>This machine's own root as a container's: which directories of it become lower layers.</summary>
internal static class HostRoot
{
    private static readonly string[] NotReal =
    [
        "proc", "sysfs", "devtmpfs", "devpts", "tmpfs", "cgroup", "cgroup2", "mqueue", "securityfs", "debugfs", "tracefs", "configfs", "pstore", "bpf", "efivarfs",
        "fusectl", "hugetlbfs", "autofs", "binfmt_misc", "nsfs", "rpc_pipefs", "selinuxfs", "ramfs", "overlay", "squashfs", "fuse.gvfsd-fuse", "fuse.portal",
    ];

    /// <summary>The root for this user: one overlay for each real file system; in a user namespace, one for each directory of the root that has no mounts below.</summary>
    /// <param name="inUserNamespace">The container gets a user namespace of an ordinary user.</param>
    public static RootSource Of(bool inUserNamespace)
    {
        List<(string Point, string Type)> mounts = Mounts();
        var source = new RootSource("/", Overlay: true, "host");
        if (!inUserNamespace)
        {
            string[] real = [.. mounts.Where(static mount => mount.Point != "/" && !NotReal.Contains(mount.Type) && IsDirectory(mount.Point)).Select(static mount => mount.Point).Distinct()];
            return source with { Layers = real };
        }

        var layers = new List<string>();
        var links = new List<(string, string)>();
        var empty = new List<string>();
        using Descriptor root = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, "/", OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(root.Number))
        {
            string path = "/" + entry.Name;
            if (Kernel.TryReadLinkAt(root.Number, entry.Name, out string? target) >= 0) links.Add((entry.Name, target!));
            else if (!IsDirectory(path)) continue;
            // tmp and run hold what belongs to processes of the host; below proc, sys and dev the container gets its own.
            else if (entry.Name is "proc" or "sys" or "dev" or "tmp" or "run" || mounts.Any(mount => mount.Point.StartsWith(path + "/", StringComparison.Ordinal))) empty.Add(entry.Name);
            else layers.Add(path);
        }
        return source with { Layers = layers, Links = links, Empty = empty };
    }

    private static bool IsDirectory(string path) => Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, path, follow: false, out FileStatus status) >= 0 && status.IsDirectory;

    // /proc/self/mountinfo (proc(5)): the mount point is the fifth field, the type the first behind the dash.
    private static List<(string Point, string Type)> Mounts()
    {
        var mounts = new List<(string, string)>();
        foreach (string line in (SmallFile.TryReadText("/proc/self/mountinfo", 1 << 24) ?? "").Split('\n'))
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (dash > 4 && dash + 1 < fields.Length) mounts.Add((fields[4].Replace("\\040", " ", StringComparison.Ordinal), fields[dash + 1]));
        }
        return mounts;
    }
}
