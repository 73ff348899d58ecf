using System.Text;

namespace Littlebox.Runtime.CGroups;

/// <summary>A mount of a cgroup file system, from a line of /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
internal sealed record CGroupMount(string Point, string Root, bool IsUnified, IReadOnlyList<string> Options)
{
    /// <summary>The cgroup mounts among all mounts.</summary>
    public static List<CGroupMount> Parse(string mountinfo)
    {
        var mounts = new List<CGroupMount>();
        foreach (ReadOnlySpan<char> line in mountinfo.AsSpan().EnumerateLines())
        {
            // 36 35 98:0 /root /point rw,noatime master:1 - type source options
            int separator = line.IndexOf(" - cgroup", StringComparison.Ordinal);
            if (separator < 0) continue;
            string[] before = line[..separator].ToString().Split(' '), after = line[(separator + 3)..].ToString().Split(' ');
            if (before.Length < 6 || after.Length < 3 || after[0] is not ("cgroup" or "cgroup2")) continue;
            mounts.Add(new CGroupMount(Unescape(before[4]), Unescape(before[3]), after[0] == "cgroup2", after[2].Split(',')));
        }
        return mounts;
    }

    /// <summary>
    /// The mount of a hierarchy that suits best, or <c>null</c>. There may be several: the machine's own places come before copies elsewhere
    /// (such as those of a container or a chroot), mounts of the whole tree before those of a part.
    /// </summary>
    /// <param name="mounts">All of them.</param>
    /// <param name="names">The hierarchy's controllers; none for version 2.</param>
    public static CGroupMount? Best(IReadOnlyList<CGroupMount> mounts, string[] names)
    {
        CGroupMount? best = null;
        foreach (CGroupMount mount in mounts)
        {
            bool fits = names.Length == 0 ? mount.IsUnified : !mount.IsUnified && mount.HasAll(names);
            if (fits && (best is null || mount.Rank > best.Rank)) best = mount;
        }
        return best;
    }

    private bool HasAll(string[] names)
    {
        foreach (string name in names)
        {
            if (!Options.Contains(name)) return false;
        }
        return true;
    }

    private int Rank => (Point == "/sys/fs/cgroup" || Point.StartsWith("/sys/fs/cgroup/", StringComparison.Ordinal) ? 2 : 0) + (Root == "/" ? 1 : 0);

    /// <summary>A field of mountinfo without its escapes: \040 and the like, three octal digits.</summary>
    internal static string Unescape(string field)
    {
        if (!field.Contains('\\')) return field;
        var text = new StringBuilder();
        for (int i = 0; i < field.Length; i++)
        {
            bool isEscape = field[i] == '\\' && i + 3 < field.Length && field[(i + 1)..(i + 4)].All(static digit => digit is >= '0' and <= '7');
            text.Append(isEscape ? (char)Convert.ToInt32(field.Substring(i + 1, 3), 8) : field[i]);
            if (isEscape) i += 3;
        }
        return text.ToString();
    }
}
