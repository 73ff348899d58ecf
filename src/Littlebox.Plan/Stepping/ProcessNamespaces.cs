using Littlebox.Linux;

namespace Littlebox.Plan.Stepping;

/// <summary>The namespaces of a process, as the links of /proc/PID/ns tell them (namespaces(7)).</summary>
public static class ProcessNamespaces
{
    /// <summary>The kinds, each with its file in /proc/PID/ns.</summary>
    public static IReadOnlyList<(NamespaceFlags Kind, string File)> Kinds { get; } =
    [
        (NamespaceFlags.Mount, "mnt"), (NamespaceFlags.Uts, "uts"), (NamespaceFlags.Ipc, "ipc"), (NamespaceFlags.Network, "net"),
        (NamespaceFlags.Pid, "pid"), (NamespaceFlags.CGroup, "cgroup"), (NamespaceFlags.User, "user"), (NamespaceFlags.Time, "time"),
    ];

    /// <summary>What the kernel prints for each kind: <c>uts:[4026531838]</c>; a kind that this kernel does not have, or that may not be read, is left out.</summary>
    /// <param name="pid">The process.</param>
    public static IReadOnlyList<(NamespaceFlags Kind, string Name)> Of(int pid)
    {
        var found = new List<(NamespaceFlags, string)>(Kinds.Count);
        foreach ((NamespaceFlags kind, string file) in Kinds)
        {
            if (Kernel.TryReadLink($"/proc/{pid}/ns/{file}") is { } name) found.Add((kind, name));
        }
        return found;
    }

    /// <summary>The kinds in which a process is not in the same namespace as this one: those that must be joined to stand where it stands.</summary>
    /// <param name="pid">The process.</param>
    public static NamespaceFlags Differing(int pid)
    {
        NamespaceFlags kinds = NamespaceFlags.None;
        foreach ((NamespaceFlags kind, string file) in Kinds)
        {
            if (Kernel.TryReadLink($"/proc/{pid}/ns/{file}") is { } theirs && theirs != Kernel.TryReadLink($"/proc/self/ns/{file}")) kinds |= kind;
        }
        return kinds;
    }
}
