using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Plan.Stepping;
using Littlebox.Runtime.State;

namespace Littlebox.Engine.Doctor;

/// <summary>The directories of littlebox: that they can be written, and what they lie on.</summary>
internal static class Directories
{
    private const string Group = "directories";
    private const int Write = 2, Search = 1; // W_OK, X_OK
    private const long ReadOnly = 1, NoSetId = 2, NoExecute = 8; // ST_* of statvfs(3)

    public static IEnumerable<Finding> Find(StateStore store)
    {
        yield return Look("state", store.Directory, Kernel.EffectiveUid == 0 ? null : "export XDG_RUNTIME_DIR=/run/user/$(id -u)");
        yield return Look("data", DataDirectory.ForThisUser(), Kernel.EffectiveUid == 0 ? null : "export XDG_DATA_HOME=$HOME/.local/share");
    }

    /// <summary>The path, or the nearest directory above it that is there.</summary>
    public static string Existing(string path)
    {
        while (path.Length > 1 && Kernel.TryStatx(Strace.CurrentDirectory, path, follow: true, out _) < 0) path = path[..Math.Max(1, path.LastIndexOf('/'))];
        return path;
    }

    /// <summary>The type of the file system that a path lies on, as the mount table names it.</summary>
    public static string TypeOf(string path)
    {
        MountEntry? best = null;
        foreach (MountEntry mount in MountEntry.Parse(SmallFile.TryReadText("/proc/self/mountinfo", 16 << 20) ?? ""))
        {
            bool above = mount.Place == "/" || path == mount.Place || path.StartsWith(mount.Place + "/", StringComparison.Ordinal);
            if (above && (best is null || mount.Place.Length >= best.Place.Length)) best = mount;
        }
        return best?.Type ?? "an unknown file system";
    }

    private static Finding Look(string name, string path, string? other)
    {
        string there = Existing(path);
        Errno error = Kernel.ErrorOf(Kernel.TryFaccessAt2(Strace.CurrentDirectory, there, Write | Search));
        var words = new List<string> { there == path ? path : $"{path}, to be made in {there}", $"on {TypeOf(there)}" };
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, there, OpenFlags.PathOnly | OpenFlags.Directory);
        if (opened >= 0)
        {
            using var directory = new Descriptor(opened);
            long flags = Kernel.MountFlagsOf(opened);
            if ((flags & ReadOnly) != 0) words.Add("read-only");
            if ((flags & NoExecute) != 0) words.Add("noexec");
            if ((flags & NoSetId) != 0) words.Add("nosuid");
        }
        if (error != Errno.None) words.Add($"cannot be written: {error.Describe()}");
        return new Finding(Group, name, error == Errno.None, Weight.Needed, string.Join(", ", words)) { Remedy = error == Errno.None ? null : other };
    }
}
