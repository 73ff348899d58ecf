using System.Diagnostics;
using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>Removes cgroups with all that are beneath. A cgroup goes only when its last process has been reaped, which may take a moment after a kill.</summary>
public static class CGroupRemoval
{
    /// <summary>How long to wait for the end of processes, in milliseconds.</summary>
    public const int DefaultLimit = 10_000;

    /// <summary>Removes the container's cgroups; those above it stay, as they may be somebody's. The container's directories are closed.</summary>
    /// <exception cref="LittleboxException">One could not be removed; the others are gone.</exception>
    public static void Remove(ContainerCGroups cgroups, int milliseconds = DefaultLimit)
    {
        var failures = new List<string>();
        foreach (CGroupMember member in cgroups.Members)
        {
            Errno error = RemoveAt(member.Node.Path, member.IsUnified, milliseconds);
            if (error is not Errno.None) failures.Add($"{member.Node.Path}: {error.Describe()}");
        }
        cgroups.Dispose();
        if (failures.Count > 0)
            throw new LittleboxException(ErrorKind.SystemError, "the container's cgroups could not be removed: there are processes in them still, or they may not be removed", [.. failures]);
    }

    /// <summary>Removes a container's cgroups without opening them, where nobody is in them and nothing is beneath.</summary>
    /// <param name="paths">As <see cref="ContainerCGroups.Paths"/>.</param>
    /// <returns>False where one of them is left.</returns>
    public static bool TryRemoveNow(IReadOnlyDictionary<string, string> paths)
    {
        bool all = true;
        string? before = null;
        foreach ((string controller, string path) in paths)
        {
            // Controllers of one hierarchy have one path.
            if (path == before) continue;
            before = path;
            int slash = path.LastIndexOf('/');
            using CGroupNode? parent = slash < 0 ? null : CGroupNode.TryOpenAbsolute(path[..slash], isUnified: controller.Length == 0, out _);
            all &= parent is not null && parent.TryRemove(path[(slash + 1)..]) is Errno.None or Errno.ENOENT;
        }
        return all;
    }

    /// <summary>Removes one cgroup and what is beneath. One that is not there is removed.</summary>
    internal static Errno RemoveAt(string path, bool isUnified, int milliseconds = DefaultLimit)
    {
        int slash = path.LastIndexOf('/');
        using CGroupNode? parent = CGroupNode.TryOpenAbsolute(path[..slash], isUnified, out Errno error);
        if (parent is null) return error is Errno.ENOENT ? Errno.None : error;
        return RemoveBelow(parent, path[(slash + 1)..], Stopwatch.GetTimestamp(), milliseconds);
    }

    /// <summary>Removes a cgroup beneath a node, the deepest first.</summary>
    internal static Errno RemoveBelow(ICGroupNode parent, string name, long began, int milliseconds)
    {
        for (int pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            Errno error = parent.TryRemove(name);
            if (error is Errno.None or Errno.ENOENT) return Errno.None;
            if (error is not (Errno.EBUSY or Errno.ENOTEMPTY)) return error;
            using (ICGroupNode? node = parent.TryOpen(name, out _))
            {
                foreach (string child in node?.Children() ?? []) RemoveBelow(node!, child, began, milliseconds);
            }
            error = parent.TryRemove(name);
            if (error is Errno.None or Errno.ENOENT) return Errno.None;
            if (Stopwatch.GetElapsedTime(began).TotalMilliseconds > milliseconds) return error;
            Thread.Sleep(pause);
        }
    }
}
