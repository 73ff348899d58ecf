using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>A filter, ready for seccomp(2).</summary>
public sealed class SeccompFilter
{
    /// <summary>The size of an instruction in bytes: <c>sizeof(struct sock_filter)</c>.</summary>
    public const int InstructionSize = 8;

    /// <summary>The longest filter that the kernel takes: BPF_MAXINSNS.</summary>
    public const int MostInstructions = 4096;

    /// <summary>Compiles <c>linux.seccomp</c> of config.json for this machine.</summary>
    /// <exception cref="Linux.LittleboxException">The profile asks for what cannot be, or is longer than the kernel takes.</exception>
    public static SeccompFilter Compile(LinuxSeccomp seccomp) => SeccompCompiler.Compile(ProfileReader.Read(seccomp), FilterArchitecture.Native);

    internal SeccompFilter(ReadOnlyMemory<byte> program, uint flags, bool notifies)
    {
        Program = program;
        Flags = flags;
        Notifies = notifies;
    }

    /// <summary>The instructions: an array of <c>struct sock_filter</c>.</summary>
    public ReadOnlyMemory<byte> Program { get; }

    /// <summary>How many instructions there are.</summary>
    public int Count => Program.Length / InstructionSize;

    /// <summary>Flags of seccomp(2) (SECCOMP_FILTER_FLAG_…); with SECCOMP_FILTER_FLAG_NEW_LISTENER where it <see cref="Notifies"/>.</summary>
    public uint Flags { get; }

    /// <summary>Whether seccomp(2) returns a descriptor for an agent (SCMP_ACT_NOTIFY).</summary>
    public bool Notifies { get; }

    /// <summary>The filter for people, one instruction a line, with the names of system calls.</summary>
    public IEnumerable<string> Describe() => BpfText.Lines(Program.Span);
}
