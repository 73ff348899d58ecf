using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>
/// The eight kinds of namespaces (namespaces(7)). A kind is a single <see cref="NamespaceFlags"/> value; here are its names.
/// </summary>
public static class NamespaceKinds
{
    /// <summary>Every kind, in the order in which lsns(8) and we print them.</summary>
    public static IReadOnlyList<NamespaceFlags> All { get; } =
    [
        NamespaceFlags.Mount, NamespaceFlags.Network, NamespaceFlags.Pid, NamespaceFlags.Uts,
        NamespaceFlags.Ipc, NamespaceFlags.User, NamespaceFlags.CGroup, NamespaceFlags.Time,
    ];

    /// <summary>The kernel's name, as in /proc/PID/ns: <c>mnt net pid uts ipc user cgroup time</c>.</summary>
    public static string NameOf(NamespaceFlags kind) => kind switch
    {
        NamespaceFlags.Mount => "mnt",
        NamespaceFlags.Network => "net",
        NamespaceFlags.Pid => "pid",
        NamespaceFlags.Uts => "uts",
        NamespaceFlags.Ipc => "ipc",
        NamespaceFlags.User => "user",
        NamespaceFlags.CGroup => "cgroup",
        NamespaceFlags.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not one kind of namespace"),
    };

    /// <summary>The kind of a name as people write it: the kernel's, and <c>mount</c> and <c>network</c>; <c>null</c> for anything else.</summary>
    public static NamespaceFlags? Parse(string name) => name switch
    {
        "mnt" or "mount" => NamespaceFlags.Mount,
        "net" or "network" => NamespaceFlags.Network,
        "pid" => NamespaceFlags.Pid,
        "uts" => NamespaceFlags.Uts,
        "ipc" => NamespaceFlags.Ipc,
        "user" => NamespaceFlags.User,
        "cgroup" => NamespaceFlags.CGroup,
        "time" => NamespaceFlags.Time,
        _ => null,
    };

    /// <summary>Reads a link of /proc/PID/ns or the root of a nsfs mount: <c>net:[4026531840]</c>.</summary>
    public static bool TryParseLink(string? link, out NamespaceId id)
    {
        id = default;
        int colon = link?.IndexOf(":[", StringComparison.Ordinal) ?? -1;
        if (colon < 0 || link![^1] != ']') return false;
        ReadOnlySpan<char> name = link.AsSpan(0, colon);
        // The two *_for_children links name the same kinds.
        if (name is "pid_for_children") name = "pid";
        if (name is "time_for_children") name = "time";
        if (Parse(name.ToString()) is not { } kind || !ulong.TryParse(link.AsSpan(colon + 2, link.Length - colon - 3), System.Globalization.NumberStyles.None, null, out ulong inode)) return false;
        id = new NamespaceId(kind, inode);
        return true;
    }
}

/// <summary>One namespace of this machine: its kind and the inode number of its file. Two are the same namespace exactly when they are equal.</summary>
/// <param name="Kind">One kind.</param>
/// <param name="Inode">The inode number, which the kernel gives to no other namespace while this one lives, whatever its kind.</param>
public readonly record struct NamespaceId(NamespaceFlags Kind, ulong Inode)
{
    /// <summary>As the kernel prints it: <c>net:[4026531840]</c>.</summary>
    public override string ToString() => $"{NamespaceKinds.NameOf(Kind)}:[{Inode}]";
}
