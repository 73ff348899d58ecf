using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Where a container's cgroups are, from <c>linux.cgroupsPath</c> (runtime-spec, config-linux.md, Cgroups Path), for the manager that makes
/// directories itself (<c>cgroupfs</c>). The same value gives the same place, as the specification asks.
/// </summary>
public sealed class CGroupPath
{
    private readonly string inner;
    private readonly bool isAbsolute;

    private CGroupPath(string inner, bool isAbsolute)
    {
        this.inner = inner;
        this.isAbsolute = isAbsolute;
    }

    /// <summary>Reads the value.</summary>
    /// <param name="cgroupsPath">The value; <c>null</c> or empty where there is none: then the container's id is a relative path.</param>
    /// <param name="id">The container's id.</param>
    /// <exception cref="LittleboxException">It names the root cgroup, whose limits would be the machine's, or has characters that no cgroup may have.</exception>
    public static CGroupPath Parse(string? cgroupsPath, string id)
    {
        string value = string.IsNullOrEmpty(cgroupsPath) ? id : cgroupsPath;
        if (value.AsSpan().ContainsAny('\0', '\n'))
            throw new LittleboxException(ErrorKind.InvalidArgument, "/linux/cgroupsPath has a NUL or a new line, which the name of a cgroup cannot have");
        string parts = Clean(value);
        if (parts.Length == 0)
            throw new LittleboxException(ErrorKind.InvalidArgument, $"/linux/cgroupsPath is “{value}”, which is the root of all cgroups: name a cgroup below it, such as /{id}");
        return new CGroupPath(parts, value.StartsWith('/'));
    }

    /// <summary>The path in a hierarchy, relative to its mount point.</summary>
    /// <remarks>
    /// An absolute path begins at the mount point. A relative one begins at the cgroup of this process on version 1; on version 2 beside it,
    /// since a cgroup with processes of its own can have no controllers for those below (cgroups(7), no internal processes). Both as runc has it.
    /// </remarks>
    public string Beneath(CGroupHierarchy hierarchy, bool isHybrid)
    {
        if (isAbsolute) return inner;
        string own = hierarchy.OwnBeneath;
        if (hierarchy.IsUnified && !isHybrid) own = own.Contains('/') ? own[..own.LastIndexOf('/')] : "";
        return own.Length == 0 ? inner : $"{own}/{inner}";
    }

    // "." and ".." are resolved as text, and never lead above the beginning.
    private static string Clean(string value)
    {
        var parts = new List<string>();
        foreach (string part in value.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }
}
