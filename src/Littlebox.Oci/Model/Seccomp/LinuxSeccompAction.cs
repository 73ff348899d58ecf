namespace Littlebox.Oci;

/// <summary>What the kernel does with a system call (config-linux.md, Seccomp; seccomp(2)).</summary>
public enum LinuxSeccompAction
{
    /// <summary><c>SCMP_ACT_KILL</c>: the same as KillThread</summary>
    Kill,

    /// <summary><c>SCMP_ACT_KILL_PROCESS</c></summary>
    KillProcess,

    /// <summary><c>SCMP_ACT_KILL_THREAD</c></summary>
    KillThread,

    /// <summary><c>SCMP_ACT_TRAP</c>: SIGSYS</summary>
    Trap,

    /// <summary><c>SCMP_ACT_ERRNO</c>: fails with errnoRet</summary>
    Errno,

    /// <summary><c>SCMP_ACT_TRACE</c>: asks the tracer, with errnoRet as message</summary>
    Trace,

    /// <summary><c>SCMP_ACT_ALLOW</c></summary>
    Allow,

    /// <summary><c>SCMP_ACT_LOG</c>: allowed and logged</summary>
    Log,

    /// <summary><c>SCMP_ACT_NOTIFY</c>: asks the listener</summary>
    Notify,
}
