using System.Runtime.InteropServices;

namespace Littlebox.Runtime.Seccomp;

/// <summary>One instruction of classic BPF: <c>struct sock_filter</c> of linux/filter.h.</summary>
/// <param name="Code">What it does: one of <see cref="BpfCode"/>.</param>
/// <param name="True">How many instructions a conditional jump skips when its condition holds.</param>
/// <param name="False">How many when it does not.</param>
/// <param name="K">Its operand.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BpfInstruction(ushort Code, byte True, byte False, uint K);

/// <summary>The instructions that a filter of ours has (linux/bpf_common.h).</summary>
internal static class BpfCode
{
    /// <summary>A = the word of struct seccomp_data at offset k.</summary>
    public const ushort LoadWord = 0x20;

    /// <summary>A &amp;= k.</summary>
    public const ushort And = 0x54;

    /// <summary>Skips k instructions.</summary>
    public const ushort Jump = 0x05;

    /// <summary>A == k?</summary>
    public const ushort JumpEqual = 0x15;

    /// <summary>A &gt; k?</summary>
    public const ushort JumpGreater = 0x25;

    /// <summary>A &gt;= k?</summary>
    public const ushort JumpGreaterOrEqual = 0x35;

    /// <summary>The verdict is k.</summary>
    public const ushort Return = 0x06;
}

/// <summary>Where the parts of struct seccomp_data lie, in bytes. The halves of an argument are in the order of a little-endian machine.</summary>
internal static class SeccompData
{
    public const uint Number = 0, Architecture = 4, Arguments = 16;

    /// <summary>The lower half of an argument.</summary>
    public static uint Low(int index) => Arguments + 8 * (uint)index;

    /// <summary>The upper half of an argument.</summary>
    public static uint High(int index) => Low(index) + 4;
}
