using System.Globalization;
using System.Runtime.InteropServices;

namespace Littlebox.Runtime.Seccomp;

/// <summary>Prints a filter for people: what is loaded, what is compared, with the names of architectures and system calls where it is known which are meant.</summary>
internal static class BpfText
{
    // What is known before an instruction runs; jumps go forwards only, so one pass from the top knows it all.
    private readonly record struct Known(bool Reached, uint? Loaded, uint? Architecture);

    /// <summary>One line for each instruction, numbered from 0.</summary>
    public static IEnumerable<string> Lines(ReadOnlySpan<byte> program)
    {
        BpfInstruction[] instructions = MemoryMarshal.Cast<byte, BpfInstruction>(program).ToArray();
        var known = new Known[instructions.Length + 1];
        var lines = new List<string>(instructions.Length);
        for (int i = 0; i < instructions.Length; i++)
        {
            lines.Add($"{i,4}: {Text(instructions[i], i, known[i])}");
            Follow(instructions[i], i, known);
        }
        return lines;
    }

    private static string Text(BpfInstruction instruction, int at, Known known) => instruction.Code switch
    {
        BpfCode.LoadWord => $"load {Field(instruction.K)}",
        BpfCode.And => $"and 0x{instruction.K:x}",
        BpfCode.Jump => $"goto {at + 1 + instruction.K}",
        BpfCode.Return => $"return {SeccompVerdict.Text(instruction.K)}",
        BpfCode.JumpEqual => Branch("==", instruction, at, known),
        BpfCode.JumpGreater => Branch(">", instruction, at, known),
        BpfCode.JumpGreaterOrEqual => Branch(">=", instruction, at, known),
        _ => $"0x{instruction.Code:x} 0x{instruction.K:x}",
    };

    private static string Branch(string comparison, BpfInstruction instruction, int at, Known known) =>
        $"if {comparison} {Value(instruction.K, known)} goto {at + 1 + instruction.True} else {at + 1 + instruction.False}";

    private static string Field(uint offset) => offset switch
    {
        SeccompData.Number => "number",
        SeccompData.Architecture => "architecture",
        _ => $"argument {(offset - SeccompData.Arguments) / 8} {(offset % 8 == 0 ? "low" : "high")}",
    };

    private static string Value(uint value, Known known)
    {
        if (known.Loaded == SeccompData.Architecture) return ArchitectureName(value);
        if (known.Loaded != SeccompData.Number) return $"0x{value:x}";
        string number = value >= SystemCallTable.X32Bit ? $"0x{value:x}" : value.ToString(CultureInfo.InvariantCulture);
        return Abi(known.Architecture, value) is SystemCallAbi abi && SystemCallTable.NameOf(abi, value) is string name ? $"{number} ({name})" : number;
    }

    private static string ArchitectureName(uint audit) => audit switch
    {
        FilterArchitecture.AuditX64 => "x86_64",
        FilterArchitecture.AuditX86 => "i386",
        FilterArchitecture.AuditArm64 => "aarch64",
        FilterArchitecture.AuditArm => "arm",
        _ => $"0x{audit:x}",
    };

    private static SystemCallAbi? Abi(uint? audit, uint number) => audit switch
    {
        FilterArchitecture.AuditX64 => number >= SystemCallTable.X32Bit ? SystemCallAbi.X32 : SystemCallAbi.X64,
        FilterArchitecture.AuditX86 => SystemCallAbi.X86,
        FilterArchitecture.AuditArm64 => SystemCallAbi.Arm64,
        FilterArchitecture.AuditArm => SystemCallAbi.Arm,
        _ => null,
    };

    private static void Follow(BpfInstruction instruction, int at, Known[] known)
    {
        Known now = known[at] with { Reached = true };
        switch (instruction.Code)
        {
            case BpfCode.Return: return;
            case BpfCode.LoadWord: Reach(known, at + 1, now with { Loaded = instruction.K }); return;
            case BpfCode.And: Reach(known, at + 1, now with { Loaded = null }); return;
            case BpfCode.Jump: Reach(known, at + 1 + (int)instruction.K, now); return;
            default:
                bool architecture = instruction.Code == BpfCode.JumpEqual && now.Loaded == SeccompData.Architecture;
                Reach(known, at + 1 + instruction.True, architecture ? now with { Architecture = instruction.K } : now);
                Reach(known, at + 1 + instruction.False, now);
                return;
        }
    }

    private static void Reach(Known[] known, long at, Known state)
    {
        if (at >= known.Length) return;
        Known before = known[at];
        known[at] = !before.Reached ? state
            : new Known(true, before.Loaded == state.Loaded ? state.Loaded : null, before.Architecture == state.Architecture ? state.Architecture : null);
    }
}
