using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary>The options about a process, which <c>run</c> and <c>exec</c> share: one table, so that the two cannot drift apart.</summary>
internal static class ProcessOptions
{
    private const string Process = "Process", Security = "Security", Sight = "Seeing what happens";

    /// <summary>Who the process is, and what it is connected to.</summary>
    public static OptionSpec[] Identity =>
    [
        new() { Name = "interactive", Short = 'i', Group = Process, Help = "connect standard input to the command" },
        new() { Name = "tty", Short = 't', Group = Process, Help = "give the command a terminal of its own" },
        new() { Name = "env", Short = 'e', Value = "NAME[=VALUE]", Repeats = true, Group = Process, Help = "set an environment variable; without =VALUE, pass on that of this process" },
        new() { Name = "workdir", Short = 'w', Value = "DIR", Group = Process, Help = "start the command in this directory of the container" },
        new() { Name = "user", Short = 'u', Value = "USER[:GROUP]", Group = Process, Help = "run as this user, by name or number; names are those of the container's own passwd and group files" },
        new() { Name = "pidfile", Value = "FILE", Completion = CompletionKind.File, Group = Process, Help = "write the command's process ID, as this machine sees it, to a file" },
    ];

    /// <summary>What the process may do.</summary>
    public static OptionSpec[] Capabilities =>
    [
        new() { Name = "cap-add", Value = "CAP", Repeats = true, Choices = null, Group = Security, Help = "add a capability (NET_ADMIN, or ALL)" },
        new() { Name = "cap-drop", Value = "CAP", Repeats = true, Group = Security, Help = "take a capability away (or ALL)" },
        new() { Name = "privileged", Group = Security, Help = "all capabilities, and nothing of /proc and /sys masked or read-only: the command can do to this machine what you can" },
    ];

    /// <summary>Times, steps and faults.</summary>
    public static OptionSpec[] Tracing =>
    [
        new() { Name = "trace", Value = "FILE", ValueOptional = true, Completion = CompletionKind.File, Group = Sight, Help = "print the microseconds of each step; with =FILE, write them as a Chrome trace, which Perfetto opens" },
        new() { Name = "step", Group = Sight, Help = "stop before each step and show it: n(ext), c(ontinue), s(hell here), q(uit)" },
        new() { Name = "inject-fault", Value = "STEP:ERRNO", Group = Sight, Hidden = true, Help = "let a step fail with an errno, or with KILL end littlebox there (for tests)" },
    ];
}
