using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>What is refused of <c>mounts</c> before anything is made, of what <see cref="SpecChecker"/> lets pass: what depends on how the mount is made.</summary>
internal static class OciMountChecks
{
    // Files of /proc that programs such as lxcfs stand in for: they tell about the machine, and nothing is changed through them.
    private static readonly string[] StandIns =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
        "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
    ];

    /// <summary>Throws for the first mount that cannot be made as it is written.</summary>
    public static void Check(Spec spec)
    {
        for (int i = 0; i < spec.Mounts.Count; i++)
        {
            Mount mount = spec.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options);
            string pointer = $"/mounts/{i}";
            bool bind = OciMountSteps.IsBind(mount, options);
            string place = PlaceOf(mount);
            if (place == "/") throw Wrong(pointer + "/destination", Strace.Quote(mount.Destination), "a path below the root: a mount on the root itself would hide the root file system");
            if (bind && options.Data is [var first, ..])
                throw Wrong(pointer + "/options", $"{Strace.Quote(Text(first))} with {(options.BindRecursive ? "rbind" : "bind")}", "options of mounts: a bind mount shows a file system that is mounted already, and options of the file system would be without effect");
            if (!bind && OciPageMount.IsNeeded(options)) OciPageMount.Check(mount, options, pointer);
            CheckProc(mount, bind, place, pointer);
        }
    }

    /// <summary>Where a mount is to be, without dots and doubled slashes; a relative destination begins at the root.</summary>
    public static string PlaceOf(Mount mount)
    {
        string place = Path.GetFullPath(mount.Destination, "/").TrimEnd('/');
        return place.Length == 0 ? "/" : place;
    }

    /// <summary>True for the files of /proc that may be mounted over.</summary>
    public static bool IsStandIn(string place) => Array.IndexOf(StandIns, place) >= 0;

    /// <summary>True where the mount is to show other owners than its source.</summary>
    public static bool IsIdMapped(Mount mount, MountOptions options) => options.IdMap is not null || mount.UidMappings.Count > 0 || mount.GidMappings.Count > 0;

    // Whoever reads /proc must read the kernel's: what lies over it could tell a program anything, or take its writes (CVE-2019-16884).
    private static void CheckProc(Mount mount, bool bind, string place, string pointer)
    {
        if (place == "/proc" && !bind && mount.Type != "proc") throw Wrong(pointer + "/type", $"{mount.Type} at /proc", "proc");
        if (place.StartsWith("/proc/", StringComparison.Ordinal) && !IsStandIn(place)) throw Wrong(pointer + "/destination", $"{place}, which is inside /proc", string.Join(", ", StandIns));
    }

    private static string Text(KeyValuePair<string, string> option) => option.Value.Length == 0 ? option.Key : $"{option.Key}={option.Value}";

    private static ConfigException Wrong(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);
}
