using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>
/// The beginning of <c>union bpf_attr</c> of bpf(2) as BPF_PROG_QUERY takes it. As long as the newest kernel has it: Linux 6.17 to 7.1 write the
/// revision at its end whatever size they are told.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgramQuery
{
    /// <summary>Descriptor of the cgroup's directory.</summary>
    public uint Target;

    /// <summary>BPF_CGROUP_*.</summary>
    public uint Type;

    /// <summary>0, or BPF_F_QUERY_EFFECTIVE.</summary>
    public uint Flags;

    /// <summary>What the kernel says of how the programs were attached.</summary>
    public uint AttachFlags;

    /// <summary>Address of the numbers of programs.</summary>
    public ulong Ids;

    /// <summary>How many there is room for; how many there are.</summary>
    public uint Count;

    /// <summary>Padding.</summary>
    public uint spare;

    /// <summary>Address of an array, or 0.</summary>
    public ulong spareProgramFlags;

    /// <summary>Address of an array, or 0.</summary>
    public ulong spareLinks;

    /// <summary>Address of an array, or 0.</summary>
    public ulong spareLinkFlags;

    /// <summary>Changes with every attachment, Linux 6.17.</summary>
    public ulong spareRevision;
}
