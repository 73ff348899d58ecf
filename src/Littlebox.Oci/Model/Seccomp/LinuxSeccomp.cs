namespace Littlebox.Oci;

/// <summary>The filter of system calls: <c>linux.seccomp</c> (runtime-spec, config-linux.md, Seccomp).</summary>
public sealed record LinuxSeccomp
{
    /// <summary><c>defaultAction</c>: for every system call that no rule matches.</summary>
    public required LinuxSeccompAction DefaultAction { get; init; }

    /// <summary><c>defaultErrnoRet</c>: the errno of Errno (or the message of Trace); null is EPERM.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary><c>architectures</c>; empty is the native one only.</summary>
    public IReadOnlyList<LinuxSeccompArchitecture> Architectures { get; init; } = [];

    /// <summary><c>flags</c> for seccomp(2); null where config.json does not say (runc then sets SPEC_ALLOW), empty for none.</summary>
    public IReadOnlyList<LinuxSeccompFlag>? Flags { get; init; }

    /// <summary><c>listenerPath</c>: the AF_UNIX socket that gets the descriptor of Notify; null where not given.</summary>
    public string? ListenerPath { get; init; }

    /// <summary><c>listenerMetadata</c>: passed on as it is; null where not given.</summary>
    public string? ListenerMetadata { get; init; }

    /// <summary><c>syscalls</c>, in the order of the document.</summary>
    public IReadOnlyList<LinuxSyscall> Syscalls { get; init; } = [];
}
