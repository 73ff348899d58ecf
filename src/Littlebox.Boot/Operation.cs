using System.Runtime.InteropServices;

namespace Littlebox.Boot;

/// <summary>What an operation of the boot program does; anything with a loop or a decision is an operation of its own.</summary>
/// <remarks>
/// The values lie far apart, so that the compilers make comparisons of a switch over them and no table of jumps: that would lie outside the interpreter's code, and the child has given back all
/// of the program but that (<see cref="ProgramImage"/>).
/// </remarks>
internal enum OperationCode
{
    /// <summary>One system call.</summary>
    Call = 100,

    /// <summary>Opens a path beneath a root, and makes what is missing of it.</summary>
    OpenBeneath = 200,

    /// <summary>Goes on elsewhere unless a descriptor is of a directory.</summary>
    JumpUnlessDirectory = 300,

    /// <summary>Goes on elsewhere unless a descriptor is of a node of a given type and number.</summary>
    JumpUnlessNode = 400,

    /// <summary>Goes on elsewhere unless a descriptor is on a file system of a given type.</summary>
    JumpUnlessFileSystem = 500,

    /// <summary>Goes on elsewhere.</summary>
    Jump = 600,

    /// <summary>Writes a register into the data block (a descriptor into a structure).</summary>
    Store = 700,

    /// <summary>Reads four bytes of the data block into a register (a descriptor that was received).</summary>
    Load = 800,

    /// <summary>Copies a register to another.</summary>
    Copy = 900,

    /// <summary>Sends a message to the host and waits for its answer.</summary>
    Report = 1000,

    /// <summary>Fails with a given error number; for fault injection.</summary>
    Fail = 1100,

    /// <summary>Puts all signals back to their defaults.</summary>
    ResetSignals = 1200,

    /// <summary>Checks that the current directory is inside the root.</summary>
    CheckDirectory = 1300,

    /// <summary>Clones; the maker tells the host the new process id and ends, the clone goes on.</summary>
    Clone = 1400,

    /// <summary>Clones; the maker stays as the first process, which reaps and forwards signals, the clone goes on.</summary>
    Init = 1500,

    /// <summary>Clones and waits until the clone has executed a program or has ended; the clone goes on elsewhere.</summary>
    Fork = 1600,

    /// <summary>Lets go of the host, and takes whoever connects to a socket as the host from then on.</summary>
    Accept = 1700,

    /// <summary>Turns in a circle, without a system call, until the host has written into this process's memory.</summary>
    Spin = 1800,

    /// <summary>Executes the first of several paths that can be executed.</summary>
    Execute = 1900,

    /// <summary>Ends the process.</summary>
    Exit = 2000,
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
