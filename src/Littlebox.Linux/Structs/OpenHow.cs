using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary><c>struct open_how</c> of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OpenHow
{
    /// <summary>O_* flags.</summary>
    public ulong Flags;

    /// <summary>Mode of a file that is made.</summary>
    public ulong Mode;

    /// <summary>RESOLVE_* flags.</summary>
    public ulong Resolve;
}
