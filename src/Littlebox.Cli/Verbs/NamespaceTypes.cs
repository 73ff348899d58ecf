namespace Littlebox.Cli.Verbs;

/// <summary>The types of namespaces by the names that lsns(8) and /proc/PID/ns use.</summary>
internal static class NamespaceTypes
{
    /// <summary>All of them.</summary>
    public static string[] Names { get; } = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];
}
