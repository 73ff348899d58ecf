using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>The beginning of <c>union bpf_attr</c> of bpf(2) as BPF_PROG_LOAD takes it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgramLoad
{
    /// <summary>BPF_PROG_TYPE_*.</summary>
    public uint Type;

    /// <summary>How many instructions of eight bytes.</summary>
    public uint Count;

    /// <summary>Address of the instructions.</summary>
    public ulong Instructions;

    /// <summary>Address of the licence, a string that ends in NUL.</summary>
    public ulong License;

    /// <summary>How much the verifier writes; 0 for nothing.</summary>
    public uint LogLevel;

    /// <summary>Size of the log's buffer.</summary>
    public uint LogSize;

    /// <summary>Address of the log's buffer.</summary>
    public ulong Log;
}
