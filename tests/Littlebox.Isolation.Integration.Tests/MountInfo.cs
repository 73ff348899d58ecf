namespace Littlebox.Isolation.Tests;

/// <summary>A line of mountinfo (proc_pid_mountinfo(5)) as a container sees it, without what differs from one start to the next.</summary>
/// <param name="Place">Where it is mounted.</param>
/// <param name="Root">Which directory of its file system.</param>
/// <param name="Options">Attributes of the mount, in order of their names.</param>
/// <param name="Propagation">shared, master, unbindable; without numbers.</param>
/// <param name="Type">The type of the file system.</param>
/// <param name="Source">Its source.</param>
/// <param name="SuperOptions">Options of the file system, in order of their names.</param>
public sealed record MountInfo(string Place, string Root, string Options, string Propagation, string Type, string Source, string SuperOptions)
{
    /// <summary>The lines of a mountinfo, in order of their places; lines of other output are left out.</summary>
    public static IReadOnlyList<MountInfo> Parse(IEnumerable<string> lines) => [.. lines.Select(Line).OfType<MountInfo>().OrderBy(static mount => mount.Place, StringComparer.Ordinal)];

    private static MountInfo? Line(string line)
    {
        string[] words = line.Split(' ');
        int dash = Array.IndexOf(words, "-");
        if (dash < 6 || words.Length < dash + 4) return null;
        string propagation = string.Join(',', words[6..dash].Select(static word => word.Split(':')[0]).Order(StringComparer.Ordinal));
        return new(words[4], words[3], Sorted(words[5]), propagation, words[dash + 1], words[dash + 2], Sorted(words[dash + 3]));
    }

    private static string Sorted(string options) => string.Join(',', options.Split(',').Order(StringComparer.Ordinal));
}
