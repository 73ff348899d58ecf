namespace Littlebox.Linux;

/// <summary>A system call failed. <see cref="Call"/> is the call as strace prints it, descriptors resolved to what they point at.</summary>
public sealed class SystemCallException : Exception
{
    /// <summary>Makes the exception for a call that returned <paramref name="error"/>.</summary>
    /// <param name="call">The call with its arguments, without the result: <c>openat2(3&lt;/srv&gt;, "etc", …)</c>.</param>
    /// <param name="error">What it returned.</param>
    public SystemCallException(string call, Errno error)
        : base($"{call} = -1 {error} ({error.Describe()})")
    {
        Call = call;
        Error = error;
    }

    /// <summary>The call with its arguments, as strace prints it.</summary>
    public string Call { get; }

    /// <summary>The error number that the kernel returned.</summary>
    public Errno Error { get; }
}
