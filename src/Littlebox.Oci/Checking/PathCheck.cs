namespace Littlebox.Oci;

/// <summary><c>linux.maskedPaths</c>, <c>readonlyPaths</c> and <c>cgroupsPath</c>.</summary>
internal static class PathCheck
{
    public static void Check(LinuxSection linux)
    {
        for (int i = 0; i < linux.MaskedPaths.Count; i++)
        {
            int index = i;
            Wrong.UnlessAbsolute(linux.MaskedPaths[i], () => $"/linux/maskedPaths/{index}");
        }
        for (int i = 0; i < linux.ReadonlyPaths.Count; i++)
        {
            int index = i;
            Wrong.UnlessAbsolute(linux.ReadonlyPaths[i], () => $"/linux/readonlyPaths/{index}");
        }
        if (linux.CGroupsPath is not { } path) return;
        Wrong.UnlessPath(path, static () => "/linux/cgroupsPath", "the path of a cgroup");
        if (path.Contains('\n')) throw Wrong.At("/linux/cgroupsPath", Quoted.Of(path), "a path without a new line");
    }
}
