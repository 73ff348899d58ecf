using System.Runtime.InteropServices;

namespace Littlebox.Boot;

/// <summary>
/// The head of a program in unmanaged memory: all that the interpreter needs beside the operations. Numbers of system calls and flags are put here
/// beforehand, so that the interpreter touches neither a property nor a static field.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Head
{
    public nint SystemCall;
    public Operation* Operations;
    public SharedPage* Shared;
    public int Channel;
    public int Traced;

    /// <summary>Index of the last operation.</summary>
    public int Last;

    public int Openat2, Mkdirat, Mknodat, Close, Write, Sendto, Recvfrom, ExitGroup, Clone3, Wait4, Kill, Statx, Getcwd, ClockGettime, RtSigaction, RtSigtimedwait, RtSigprocmask, Execve, CloseRange, Accept4, Fstatfs;

    public long OpenDirectory;
    public long OpenPath;
    public long OpenNoFollow;

    public Linux.CloneArguments Clone;
}

/// <summary>The page that parent and child share: where the child is, what its registers hold, why it failed, when each operation began.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SharedPage
{
    /// <summary>More than a document with thousands of mounts needs; what nobody touches is no memory.</summary>
    public const int Registers = 131_072;

    /// <summary>The register that holds the child's end of the channel to the host.</summary>
    public const int ChannelRegister = 0;

    public const int Times = 2048;

    /// <summary>The operation that runs, or that failed.</summary>
    public int Current;

    /// <summary>The error number, 0 while nothing has failed.</summary>
    public int Error;

    /// <summary>The process id that the last <see cref="OperationCode.Clone"/> made, as its maker sees it.</summary>
    public int Pid;

    /// <summary>Index of the path that <see cref="OperationCode.Execute"/> failed with.</summary>
    public int Candidate;

    /// <summary>What the registers hold.</summary>
    public fixed long Values[Registers];

    /// <summary>CLOCK_MONOTONIC in nanoseconds when each operation began.</summary>
    public fixed long Began[Times];
}

/// <summary>What the host writes into the memory of a child that makes no system call meanwhile; read anew each time.</summary>
internal struct HostWord
{
    /// <summary>Not 0 once the host has written.</summary>
    public volatile int Written;
}

/// <summary>Messages on the channel between child and host: four bytes of kind, four of a number; after a failure four of the error number, and four each of how many operations and how many steps stand behind.</summary>
public enum MessageKind
{
    /// <summary>Nothing: the other side has gone (after execve or an end, the channel closes).</summary>
    Closed = 0,

    /// <summary>An operation failed; the shared page says which. The child waits until the host has looked.</summary>
    Failed = 1,

    /// <summary>A step is about to begin; the child waits.</summary>
    Step = 2,

    /// <summary>The child waits until the host has done something, such as writing its id maps.</summary>
    Ready = 3,

    /// <summary>Injected fault: the host is to die here.</summary>
    Die = 4,

    /// <summary>A descriptor comes along: the console's pty.</summary>
    Console = 5,

    /// <summary>A point where hooks run; the number says which. The child waits.</summary>
    Hooks = 6,

    /// <summary>A hook runs beside the child; its pidfd comes along. The child waits until it has ended, or has been ended.</summary>
    HookRuns = 8,

    /// <summary>A hook that ran beside the child has ended; the number is its wait status.</summary>
    HookEnded = 9,

    /// <summary>A seccomp filter comes that has a listener; the number is its descriptor's to be. The child waits, and after that until the host has taken the descriptor.</summary>
    Seccomp = 7,

    /// <summary>A descriptor comes along: a directory from which the host is to copy.</summary>
    CopyFrom = 10,

    /// <summary>A descriptor comes along: the directory into which the host is to copy what the one before holds.</summary>
    CopyTo = 11,
}
