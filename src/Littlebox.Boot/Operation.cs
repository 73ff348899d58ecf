using System.Runtime.InteropServices;

namespace Littlebox.Boot;

/// <summary>What an operation of the boot program does; anything with a loop or a decision is an operation of its own.</summary>
internal enum OperationCode
{
    /// <summary>One system call.</summary>
    Call,

    /// <summary>Opens a path beneath a root, and makes what is missing of it.</summary>
    OpenBeneath,

    /// <summary>Goes on elsewhere unless a descriptor is of a directory.</summary>
    JumpUnlessDirectory,

    /// <summary>Goes on elsewhere unless a descriptor is of a node of a given type and number.</summary>
    JumpUnlessNode,

    /// <summary>Goes on elsewhere unless a descriptor is on a file system of a given type.</summary>
    JumpUnlessFileSystem,

    /// <summary>Goes on elsewhere.</summary>
    Jump,

    /// <summary>Writes a register into the data block (a descriptor into a structure).</summary>
    Store,

    /// <summary>Reads four bytes of the data block into a register (a descriptor that was received).</summary>
    Load,

    /// <summary>Copies a register to another.</summary>
    Copy,

    /// <summary>Sends a message to the host and waits for its answer.</summary>
    Report,

    /// <summary>Fails with a given error number; for fault injection.</summary>
    Fail,

    /// <summary>Puts all signals back to their defaults.</summary>
    ResetSignals,

    /// <summary>Checks that the current directory is inside the root.</summary>
    CheckDirectory,

    /// <summary>Clones; the maker tells the host the new process id and ends, the clone goes on.</summary>
    Clone,

    /// <summary>Clones; the maker stays as the first process, which reaps and forwards signals, the clone goes on.</summary>
    Init,

    /// <summary>Clones and waits until the clone has executed a program or has ended; the clone goes on elsewhere.</summary>
    Fork,

    /// <summary>Lets go of the host, and takes whoever connects to a socket as the host from then on.</summary>
    Accept,

    /// <summary>Turns in a circle, without a system call, until the host has written into this process's memory.</summary>
    Spin,

    /// <summary>Executes the first of several paths that can be executed.</summary>
    Execute,

    /// <summary>Ends the process.</summary>
    Exit,
}

/// <summary>Where an argument's value comes from.</summary>
internal enum ArgumentKind
{
    Value,
    Data,
    Register,
}

/// <summary>One operation, as it lies in unmanaged memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Operation
{
    public OperationCode Code;

    /// <summary>Number of the system call, for <see cref="OperationCode.Call"/>.</summary>
    public int Number;

    /// <summary>Register that gets the result, or -1.</summary>
    public int Result;

    /// <summary>Index of the operation to go on with after a tolerated error or a jump.</summary>
    public int Target;

    /// <summary>Bit i: argument i is the number of a register.</summary>
    public int RegisterMask;

    /// <summary>The step of the plan this belongs to.</summary>
    public int Step;

    /// <summary>Up to four error numbers that are no failure, 0 for none.</summary>
    public fixed ushort Tolerated[4];

    /// <summary>The arguments.</summary>
    public fixed long Arguments[6];
}
