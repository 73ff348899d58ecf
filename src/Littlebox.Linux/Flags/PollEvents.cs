namespace Littlebox.Linux;

/// <summary>Events of poll(2).</summary>
[Flags]
public enum PollEvents : short
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>There is something to read. POLLIN.</summary>
    Readable = 0x1,

    /// <summary>Something exceptional: of a file of cgroups, its content has changed. POLLPRI.</summary>
    Priority = 0x2,

    /// <summary>Writing will not wait. POLLOUT.</summary>
    Writable = 0x4,

    /// <summary>An error. POLLERR.</summary>
    Error = 0x8,

    /// <summary>The other side has gone. POLLHUP.</summary>
    HungUp = 0x10,

    /// <summary>Not an open descriptor. POLLNVAL.</summary>
    Invalid = 0x20,
}
