using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Which trees of cgroups this process sees, and where it is in them: version 1 (a hierarchy for each controller or group of controllers),
/// version 2 (one for all, "unified"), or hybrid: both, each controller in one of them. From /proc/self/mountinfo and /proc/self/cgroup
/// (cgroups(7)); so places that are mounted elsewhere than below /sys/fs/cgroup are found as well. Immutable.
/// </summary>
public sealed class CGroupLayout
{
    private CGroupLayout(IReadOnlyList<CGroupHierarchy> legacy, CGroupHierarchy? unified)
    {
        Legacy = legacy;
        Unified = unified;
    }

    /// <summary>The version 1 hierarchies, in the order of /proc/self/cgroup.</summary>
    public IReadOnlyList<CGroupHierarchy> Legacy { get; }

    /// <summary>The version 2 hierarchy, where it is mounted.</summary>
    public CGroupHierarchy? Unified { get; }

    /// <summary>True where version 2 has everything: no version 1 hierarchy is mounted.</summary>
    public bool IsUnified => Unified is not null && Legacy.Count == 0;

    /// <summary>True where both versions are mounted.</summary>
    public bool IsHybrid => Unified is not null && Legacy.Count > 0;

    /// <summary>All hierarchies, version 1 first.</summary>
    public IEnumerable<CGroupHierarchy> All => Unified is null ? Legacy : Legacy.Append(Unified);

    /// <summary>The hierarchy that a controller is in, or <c>null</c>. Version 1 first: a controller is in one of the two only.</summary>
    public CGroupHierarchy? Of(string controller)
    {
        foreach (CGroupHierarchy hierarchy in Legacy)
        {
            if (hierarchy.Controllers.Contains(controller)) return hierarchy;
        }
        return Unified?.Controllers.Contains(controller) == true ? Unified : null;
    }

    /// <summary>Reads the layout as this process sees it now.</summary>
    /// <exception cref="LittleboxException">No cgroup file system is mounted, or /proc cannot be read.</exception>
    public static CGroupLayout Read() => TryRead() ?? throw NoneMounted();

    /// <summary>Reads the layout as this process sees it now; <c>null</c> where no cgroup file system is mounted.</summary>
    /// <exception cref="LittleboxException">/proc cannot be read.</exception>
    public static CGroupLayout? TryRead()
    {
        string? mounts = SmallFile.TryReadText("/proc/self/mountinfo", 64 << 20), own = SmallFile.TryReadText("/proc/self/cgroup");
        if (mounts is null || own is null) throw new LittleboxException(ErrorKind.NotSupported, "/proc/self/mountinfo and /proc/self/cgroup cannot be read: /proc must be mounted");
        return TryParse(mounts, own, static mountPoint => SmallFile.TryReadText(mountPoint + "/cgroup.controllers"));
    }

    /// <summary>Makes the layout of what the two files say.</summary>
    /// <param name="mounts">/proc/self/mountinfo.</param>
    /// <param name="own">/proc/self/cgroup.</param>
    /// <param name="controllers">Reads <c>cgroup.controllers</c> of the version 2 mount point that it is given.</param>
    /// <exception cref="LittleboxException">No cgroup file system is mounted.</exception>
    public static CGroupLayout Parse(string mounts, string own, Func<string, string?> controllers) => TryParse(mounts, own, controllers) ?? throw NoneMounted();

    private static CGroupLayout? TryParse(string mounts, string own, Func<string, string?> controllers)
    {
        List<CGroupMount> mounted = CGroupMount.Parse(mounts);
        var legacy = new List<CGroupHierarchy>();
        CGroupHierarchy? unified = null;
        foreach (string line in own.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // 4:memory:/system.slice/ssh.service; a path may have colons
            string[] fields = line.Split(':', 3);
            if (fields.Length < 3) continue;
            string path = fields[2].EndsWith(" (deleted)", StringComparison.Ordinal) ? fields[2][..^10] : fields[2];
            string[] names = fields[1].Split(',', StringSplitOptions.RemoveEmptyEntries);
            if (CGroupMount.Best(mounted, names) is not { } mount) continue;
            if (names.Length > 0) legacy.Add(new CGroupHierarchy(names, false, mount.Point, mount.Root, path));
            else unified = new CGroupHierarchy((controllers(mount.Point) ?? "").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries), true, mount.Point, mount.Root, path);
        }
        return legacy.Count == 0 && unified is null ? null : new CGroupLayout(legacy, unified);
    }

    private static LittleboxException NoneMounted() => new(ErrorKind.NotSupported, "no cgroup file system is mounted here, so that nothing can be limited: mount one, for instance "
        + "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
}
