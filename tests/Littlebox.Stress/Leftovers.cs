namespace Littlebox.Stress;

/// <summary>What a start could leave behind in this process and around it.</summary>
internal static class Leftovers
{
    /// <summary>All of it, one line each: descriptors and what they lead to, children, mounts.</summary>
    public static SortedSet<string> All()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string path in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            // The descriptor of this very listing has gone when its link is read. Assemblies are opened by the runtime when it compiles what needs them.
            if (new FileInfo(path).LinkTarget is { } target && !target.EndsWith(".dll", StringComparison.Ordinal)) found.Add($"descriptor {Path.GetFileName(path)} {target}");
        }
        foreach (int child in Children()) found.Add($"child {child}");
        foreach (string line in File.ReadAllLines("/proc/self/mountinfo")) found.Add("mount " + line);
        return found;
    }

    /// <summary>The children of this process, zombies as well.</summary>
    public static IEnumerable<int> Children()
    {
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            foreach (string child in File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return int.Parse(child);
        }
    }
}
