using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary><c>struct clone_args</c> of clone3(2), up to the cgroup (Linux 5.7).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CloneArguments
{
    /// <summary>CLONE_* flags.</summary>
    public ulong Flags;

    /// <summary>Address of the int that gets the pidfd.</summary>
    public ulong PidFd;

    /// <summary>Address of the thread id in the child.</summary>
    public ulong ChildTid;

    /// <summary>Address of the thread id in the parent.</summary>
    public ulong ParentTid;

    /// <summary>Signal sent to the parent at the end; SIGCHLD.</summary>
    public ulong ExitSignal;

    /// <summary>Lowest address of the stack; 0 copies the maker's.</summary>
    public ulong Stack;

    /// <summary>Size of the stack in bytes.</summary>
    public ulong StackSize;

    /// <summary>Thread-local storage.</summary>
    public ulong Tls;

    /// <summary>Address of an array of process ids wanted.</summary>
    public ulong SetTid;

    /// <summary>How many.</summary>
    public ulong SetTidSize;

    /// <summary>A cgroup's directory descriptor, with CLONE_INTO_CGROUP.</summary>
    public ulong CGroup;
}
