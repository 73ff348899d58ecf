using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Plan.Stepping;

namespace Littlebox.Engine.Doctor;

/// <summary>The versions of cgroups that are mounted, their controllers, and what of it is delegated to this user. Nothing is made in them.</summary>
internal static class ControlGroups
{
    private const string Group = "cgroups";

    /// <summary>The directory of this process's cgroup in the version 2 hierarchy; <c>null</c> where none is mounted.</summary>
    public static string? OwnVersion2 => Mounts("cgroup2").FirstOrDefault() is { } mount && OwnPaths().TryGetValue("", out string? path) ? Below(mount, path) : null;

    public static IEnumerable<Finding> Find()
    {
        MountEntry[] first = [.. Mounts("cgroup")], second = [.. Mounts("cgroup2")];
        string version = (first.Length, second.Length) switch
        {
            (0, 0) => "none is mounted",
            (0, _) => $"version 2, at {second[0].Place}",
            (_, 0) => $"version 1, {first.Length} hierarchies",
            _ => $"hybrid: version 1, {first.Length} hierarchies, and version 2 at {second[0].Place}",
        };
        yield return new Finding(Group, "version", first.Length + second.Length > 0, Weight.Later, version);
        if (second.Length > 0) yield return Controllers("version 2 controllers", SmallFile.TryReadText(second[0].Place + "/cgroup.controllers"));
        if (first.Length > 0) yield return Controllers("version 1 controllers", string.Join(' ', first.Select(static mount => mount.Place[(mount.Place.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal)));
        yield return Delegation(first, second);
    }

    private static Finding Controllers(string name, string? words) =>
        new(Group, name, null, Weight.Later, string.IsNullOrWhiteSpace(words) ? "none" : string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    private static Finding Delegation(MountEntry[] first, MountEntry[] second)
    {
        Dictionary<string, string> own = OwnPaths();
        var writable = new List<string>();
        if (second.Length > 0 && own.TryGetValue("", out string? path) && Below(second[0], path) is var unified && MayWrite(unified) && MayWrite(unified + "/cgroup.procs"))
        {
            string? names = SmallFile.TryReadText(unified + "/cgroup.controllers")?.Trim();
            writable.Add($"{unified} ({(string.IsNullOrEmpty(names) ? "no controllers" : names)})");
        }
        foreach (MountEntry mount in first)
        {
            string controller = mount.Place[(mount.Place.LastIndexOf('/') + 1)..];
            string? found = own.FirstOrDefault(pair => pair.Key.Split(',').Contains(controller) || pair.Key == $"name={controller}").Value;
            if (found is not null && MayWrite(Below(mount, found))) writable.Add(controller);
        }
        bool any = writable.Count > 0;
        return new Finding(Group, "delegated to this user", any, Weight.Later, any ? string.Join(", ", writable) : "none: limits for containers of this user need a cgroup of its own")
        {
            Remedy = any || second.Length == 0 || !HasSystemd ? null : "systemd-run --user --scope -p Delegate=yes littlebox …",
        };
    }

    // sd_booted(3)
    private static bool HasSystemd => Kernel.TryStatx(Strace.CurrentDirectory, "/run/systemd/system", follow: false, out _) >= 0;

    private static bool MayWrite(string path) => Kernel.TryFaccessAt2(Strace.CurrentDirectory, path, 2) >= 0;

    private static IEnumerable<MountEntry> Mounts(string type) => MountEntry.Parse(SmallFile.TryReadText("/proc/self/mountinfo", 16 << 20) ?? "").Where(mount => mount.Type == type);

    // Lines of /proc/self/cgroup: number, controllers (empty for version 2), path.
    private static Dictionary<string, string> OwnPaths()
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in (SmallFile.TryReadText("/proc/self/cgroup") ?? "").Split('\n'))
        {
            string[] fields = line.Split(':', 3);
            if (fields.Length == 3) paths[fields[1]] = fields[2];
        }
        return paths;
    }

    // The mount may show a part of the hierarchy only.
    private static string Below(MountEntry mount, string path)
    {
        string relative = mount.Root != "/" && path.StartsWith(mount.Root, StringComparison.Ordinal) ? path[mount.Root.Length..] : path;
        return (mount.Place + "/" + relative.TrimStart('/')).TrimEnd('/');
    }
}
