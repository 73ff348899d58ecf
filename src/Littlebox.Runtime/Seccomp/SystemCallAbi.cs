namespace Littlebox.Runtime.Seccomp;

/// <summary>A way to call the kernel that has numbers of its own. The order is that of the columns in <see cref="SystemCallTable"/>.</summary>
internal enum SystemCallAbi
{
    /// <summary>64-bit x86.</summary>
    X64,

    /// <summary>x86_64 with 32-bit pointers: the numbers carry <see cref="SystemCallTable.X32Bit"/>.</summary>
    X32,

    /// <summary>32-bit x86 (i386).</summary>
    X86,

    /// <summary>64-bit arm.</summary>
    Arm64,

    /// <summary>32-bit arm (EABI).</summary>
    Arm,
}
