using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>The beginning of <c>union bpf_attr</c> of bpf(2) as BPF_PROG_ATTACH and BPF_PROG_DETACH take it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgramAttach
{
    /// <summary>Descriptor of the cgroup's directory.</summary>
    public uint Target;

    /// <summary>Descriptor of the program.</summary>
    public uint Program;

    /// <summary>BPF_CGROUP_*.</summary>
    public uint Type;

    /// <summary>BPF_F_*.</summary>
    public uint Flags;

    /// <summary>Descriptor of the program that is replaced, with BPF_F_REPLACE.</summary>
    public uint Replaced;
}
