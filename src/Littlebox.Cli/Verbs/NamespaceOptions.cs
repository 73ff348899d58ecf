using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary>The options that name namespaces: with a mode for <c>run</c>, as plain flags for the <c>ns</c> verbs.</summary>
internal static class NamespaceOptions
{
    private const string Mode = "MODE";
    private const string Heading = "Namespaces (MODE: private, host, container:NAME, ns:PATH)";

    /// <summary><c>--net=MODE</c> and its siblings.</summary>
    public static OptionSpec[] Modes =>
    [
        Kind("net", "network devices, addresses, ports and firewall; private (or none) has nothing but a loopback that is up"),
        Kind("pid", "process IDs; private has the command as process 1"),
        Kind("ipc", "System V IPC and POSIX message queues"),
        Kind("uts", "hostname and domain name"),
        Kind("cgroupns", "the root of the cgroup tree as seen from inside"),
        Kind("userns", "users, groups and capabilities; private when not root, else host"),
        Kind("time", "the boot-time and monotonic clocks"),
    ];

    /// <summary><c>--net</c>, <c>--mount</c> and their siblings, as flags.</summary>
    /// <param name="purpose">What the verb does with one: <c>enter the</c>.</param>
    public static OptionSpec[] Flags(string purpose) =>
    [
        new() { Name = "mount", Short = 'm', Help = $"{purpose} mount namespace" },
        new() { Name = "uts", Short = 'u', Help = $"{purpose} UTS namespace (hostname)" },
        new() { Name = "ipc", Short = 'i', Help = $"{purpose} IPC namespace" },
        new() { Name = "net", Short = 'n', Help = $"{purpose} network namespace" },
        new() { Name = "pid", Short = 'p', Help = $"{purpose} PID namespace" },
        new() { Name = "cgroup", Short = 'C', Help = $"{purpose} cgroup namespace" },
        new() { Name = "user", Short = 'U', Help = $"{purpose} user namespace" },
        new() { Name = "time", Short = 'T', Help = $"{purpose} time namespace" },
    ];

    private static OptionSpec Kind(string name, string what) =>
        new() { Name = name, Value = Mode, Completion = CompletionKind.NamespaceMode, Group = Heading, Help = what };
}
