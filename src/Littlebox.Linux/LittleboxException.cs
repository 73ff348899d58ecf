namespace Littlebox.Linux;

/// <summary>What sort of failure a <see cref="LittleboxException"/> is.</summary>
public enum ErrorKind
{
    /// <summary>The request is wrong: refused before anything was touched.</summary>
    InvalidArgument,

    /// <summary>This kernel, or this user on it, cannot do what was asked.</summary>
    NotSupported,

    /// <summary>Something inside the root tried to lead outside, or is not what it claims to be.</summary>
    SafetyViolation,

    /// <summary>A system call failed.</summary>
    SystemError,

    /// <summary>What was named is not there: no such container.</summary>
    NotFound,

    /// <summary>The command to run is not there (exit code 127).</summary>
    CommandNotFound,

    /// <summary>The command to run is there and cannot be executed (exit code 126).</summary>
    CommandNotExecutable,
}

/// <summary>
/// An error for people: one sentence that says what happened, why likely, and what to do. <see cref="Details"/> are lines to print beneath it,
/// such as the system call as strace prints it.
/// </summary>
public class LittleboxException : Exception
{
    /// <summary>Makes the error.</summary>
    public LittleboxException(ErrorKind kind, string sentence, params ReadOnlySpan<string> details)
        : base(sentence)
    {
        Kind = kind;
        Details = details.ToArray();
    }

    /// <summary>Makes the error with the system call that failed among its details.</summary>
    public LittleboxException(ErrorKind kind, string sentence, SystemCallException cause)
        : base(sentence, cause)
    {
        Kind = kind;
        Details = [cause.Message];
    }

    /// <summary>What sort of failure.</summary>
    public ErrorKind Kind { get; }

    /// <summary>Lines to print beneath the sentence.</summary>
    public IReadOnlyList<string> Details { get; }
}
