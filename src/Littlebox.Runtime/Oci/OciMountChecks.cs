using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>What is refused of <c>mounts</c> before anything is made (config.md, Mounts).</summary>
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
            foreach (string text in (string[])[mount.Destination, mount.Source ?? "", mount.Type ?? "", .. mount.Options])
            {
                if (text.Contains('\0', StringComparison.Ordinal)) throw Wrong(pointer, "a NUL character", "text without one, as the kernel takes it");
            }
            if (mount.Destination.Length == 0) throw Wrong(pointer + "/destination", "an empty text", "an absolute path");
            string place = PlaceOf(mount);
            if (place == "/") throw Wrong(pointer + "/destination", Strace.Quote(mount.Destination), "a path below the root: a mount on the root itself would hide the root file system");
            if (bind)
            {
                if (options.Data is [var first, ..])
                    throw Wrong(pointer + "/options", $"{Strace.Quote(Text(first))} with {(options.BindRecursive ? "rbind" : "bind")}", "options of mounts: a bind mount shows a file system that is mounted already, and options of the file system would be without effect");
                if (string.IsNullOrEmpty(mount.Source) && !options.Remount) throw Wrong(pointer + "/source", "nothing", "a path of the host, absolute or relative to the bundle");
            }
            else if (string.IsNullOrEmpty(mount.Type) && !options.Remount)
            {
                throw Wrong(pointer + "/type", "nothing", "a type of file system (/proc/filesystems), or bind or rbind in the options");
            }
            if (options.CopyUp && mount.Type != "tmpfs") throw Wrong(pointer + "/options", Strace.Quote("tmpcopyup"), "tmpcopyup with type tmpfs only: what is at the place is copied into a new tmpfs");
            foreach (KeyValuePair<string, string> option in options.Data)
            {
                // fsconfig(2): VALUE is at most 256 bytes long, its NUL included.
                if (System.Text.Encoding.UTF8.GetByteCount(option.Value) > 255) throw Wrong(pointer + "/options", $"a value of more than 255 bytes ({option.Key})", "shorter ones, as the kernel takes them");
            }
            CheckProc(mount, bind, place, pointer);
            CheckIdMap(spec, mount, options, bind, pointer);
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

    private static void CheckIdMap(Spec spec, Mount mount, MountOptions options, bool bind, string pointer)
    {
        if (!IsIdMapped(mount, options)) return;
        if (!bind) throw Wrong(pointer, "mapped ids", "them with bind and rbind only: a new file system has the owners of whoever mounts it");
        if (mount.UidMappings.Count == 0 != (mount.GidMappings.Count == 0)) throw Wrong(pointer + (mount.UidMappings.Count == 0 ? "/uidMappings" : "/gidMappings"), "nothing", "mappings of user ids and of group ids, or neither");
        if (mount.UidMappings.Count == 0 && spec.Linux.Namespace(LinuxNamespaceType.User) is null)
            throw Wrong(pointer + "/uidMappings", "nothing, and the container has no user namespace whose mappings could be used", "mappings of user ids and of group ids");
        OciNamespaceChecks.CheckMappings(mount.UidMappings, pointer + "/uidMappings");
        OciNamespaceChecks.CheckMappings(mount.GidMappings, pointer + "/gidMappings");
    }

    private static string Text(KeyValuePair<string, string> option) => option.Value.Length == 0 ? option.Key : $"{option.Key}={option.Value}";

    private static ConfigException Wrong(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);
}
