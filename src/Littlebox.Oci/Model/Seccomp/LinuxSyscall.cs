namespace Littlebox.Oci;

/// <summary>An entry of <c>linux.seccomp.syscalls</c>: what to do with these system calls.</summary>
public sealed record LinuxSyscall
{
    /// <summary><c>names</c>: at least one. A name that the machine does not know is no error.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary><c>action</c></summary>
    public required LinuxSeccompAction Action { get; init; }

    /// <summary><c>errnoRet</c>: the errno of Errno (or the message of Trace); null is EPERM.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary><c>args</c>: comparisons of which all must hold; empty matches whatever the arguments are.</summary>
    public IReadOnlyList<LinuxSeccompArg> Args { get; init; } = [];
}

/// <summary>A comparison of one argument: <c>linux.seccomp.syscalls[].args[]</c>.</summary>
public sealed record LinuxSeccompArg
{
    /// <summary><c>index</c> of the argument, 0 to 5.</summary>
    public required uint Index { get; init; }

    /// <summary><c>value</c>: what to compare with; the mask of MaskedEqual.</summary>
    public required ulong Value { get; init; }

    /// <summary><c>valueTwo</c>: what the masked argument must equal, for MaskedEqual.</summary>
    public ulong ValueTwo { get; init; }

    /// <summary><c>op</c></summary>
    public required LinuxSeccompOperator Operator { get; init; }
}
