using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>Writes limits into the files of a container's cgroups.</summary>
public static class LimitWriter
{
    /// <summary>Writes all, in order. Those that wait for others of their controller come behind them.</summary>
    /// <exception cref="LittleboxException">One is refused; it says which field, which file, and why.</exception>
    public static void Write(ContainerCGroups cgroups, IReadOnlyList<LimitWrite> writes)
    {
        foreach (IGrouping<string, LimitWrite> group in writes.GroupBy(static write => write.Controller))
        {
            CGroupMember? member = group.Key == "cgroup" ? cgroups.Unified : cgroups.Of(group.Key);
            if (member is null)
                throw new LittleboxException(ErrorKind.NotSupported, $"{group.First().Pointer} cannot be enforced: the container has no cgroup with the controller {group.Key}");
            Write(member.Node, [.. group]);
        }
    }

    /// <summary>Writes those of one controller.</summary>
    internal static void Write(ICGroupNode node, IReadOnlyList<LimitWrite> writes)
    {
        var later = new Queue<LimitWrite>();
        foreach (LimitWrite write in writes)
        {
            if (!TryWrite(node, write, write.MayComeLater && writes.Count > 1)) later.Enqueue(write);
        }
        // Of three that wait for each other, each round settles one at least.
        for (int rounds = later.Count; later.TryDequeue(out LimitWrite? write);)
        {
            if (!TryWrite(node, write, rounds-- > 0)) later.Enqueue(write);
        }
    }

    private static bool TryWrite(ICGroupNode node, LimitWrite write, bool mayComeLater)
    {
        Errno error = node.TryWrite(write.File, write.Value);
        if (error is Errno.None) return true;
        if (error is Errno.EINVAL && mayComeLater) return false;
        if (error is Errno.ENOENT && write.Else is { } other) return TryWrite(node, other, mayComeLater);
        if (error is Errno.ENOENT && write.MayBeMissing) return true;
        throw new LittleboxException(error is Errno.EINVAL or Errno.ERANGE ? ErrorKind.InvalidArgument : ErrorKind.NotSupported,
            $"{write.Pointer} cannot be enforced: {Reason(node, write, error)}", $"write({node.Path}/{write.File}, \"{write.Value}\") = -1 {error} ({error.Describe()})");
    }

    private static string Reason(ICGroupNode node, LimitWrite write, Errno error) => error switch
    {
        Errno.ENOENT => $"this kernel, or the disks of this machine, have no {write.File}",
        Errno.EBUSY when write.Controller == "memory" => $"it is less than what is in use ({node.TryRead("memory.usage_in_bytes")?.Trim() ?? "?"} bytes)",
        Errno.EACCES or Errno.EINVAL or Errno.ENOSPC or Errno.ERANGE when write.Controller == "cpuset" => "the cgroup above does not have all of them, or they are not there at all",
        Errno.EINVAL when write.File == "memory.limit_in_bytes" => "it is more than memory and swap together (/linux/resources/memory/swap)",
        Errno.EINVAL when write.File == "memory.memsw.limit_in_bytes" => "it is memory and swap together, and less than the limit of memory",
        Errno.EINVAL when write.File.StartsWith("cpu.", StringComparison.Ordinal) => $"{write.Value} is not possible beside the other values, or with those of the cgroup above",
        Errno.EINVAL or Errno.ERANGE => $"the kernel does not take “{write.Value}” for {write.File}",
        Errno.ENODEV or Errno.ENXIO => "there is no such device",
        Errno.EACCES or Errno.EPERM => "this user may not write it: the cgroup is not delegated",
        Errno.EROFS => "the cgroup file system is mounted read-only",
        _ => error.Describe(),
    };
}
