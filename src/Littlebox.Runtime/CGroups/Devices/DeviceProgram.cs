namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Device rules of version 2 as an eBPF program (BPF_PROG_TYPE_CGROUP_DEVICE): it is given <c>struct bpf_cgroup_dev_ctx</c> and returns 1 to allow.
/// It goes through the rules from the last to the first; for each kind of access that is asked for, the first rule that is about it decides. So it
/// says what the order of the specification says, holes in wide rules included. Instructions: kernel, bpf/standardization/instruction-set.rst.
/// </summary>
public static class DeviceProgram
{
    // Registers: 0 result, 1 context, 2 type, 3 access not yet allowed, 4 major, 5 minor, 6 for trying.
    private const byte LoadWord = 0x61, And32 = 0x54, Shift32 = 0x74, Move32 = 0xb4, Move64Register = 0xbf;
    private const byte JumpIfNot32 = 0x56, JumpIf32 = 0x16, Exit = 0x95;

    /// <summary>The program for rules in order.</summary>
    public static ulong[] Compile(IReadOnlyList<DeviceRule> rules)
    {
        var program = new List<ulong>
        {
            Instruction(LoadWord, 2, 1, 0), // access_type: the type in the lower half
            Instruction(Move64Register, 3, 2),
            Instruction(And32, 2, immediate: 0xffff),
            Instruction(Shift32, 3, immediate: 16),
            Instruction(LoadWord, 4, 1, 4),
            Instruction(LoadWord, 5, 1, 8),
        };
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            if (rules[i].Type == 'a')
            {
                // Of what comes before it nothing counts.
                program.AddRange(Return(rules[i].Allow));
                return [.. program];
            }
            AddRule(program, rules[i]);
        }
        program.AddRange(Return(false));
        return [.. program];
    }

    private static void AddRule(List<ulong> program, DeviceRule rule)
    {
        List<ulong> verdict = rule.Allow
            ? [Instruction(And32, 3, immediate: (int)(DeviceAccess.All & ~rule.Access)), Instruction(JumpIfNot32, 3, offset: 2), .. Return(true)]
            : [Instruction(Move64Register, 6, 3), Instruction(And32, 6, immediate: (int)rule.Access), Instruction(JumpIf32, 6, offset: 2), .. Return(false)];
        var conditions = new List<(byte Register, uint Value)> { (2, rule.Type == 'b' ? 1u : 2u) }; // BPF_DEVCG_DEV_BLOCK, _CHAR
        if (rule.Major is { } major) conditions.Add((4, major));
        if (rule.Minor is { } minor) conditions.Add((5, minor));
        for (int i = 0; i < conditions.Count; i++)
        {
            // 32 bits: a 64-bit comparison would extend the sign of numbers above 2^31.
            int behind = conditions.Count - 1 - i + verdict.Count;
            program.Add(Instruction(JumpIfNot32, conditions[i].Register, offset: (short)behind, immediate: unchecked((int)conditions[i].Value)));
        }
        program.AddRange(verdict);
    }

    private static ulong[] Return(bool allow) => [Instruction(Move32, 0, immediate: allow ? 1 : 0), Instruction(Exit)];

    // struct bpf_insn: code 8 bits, destination 4, source 4, offset 16, immediate 32; both machines are little-endian
    private static ulong Instruction(byte code, byte destination = 0, byte source = 0, short offset = 0, int immediate = 0) =>
        code | (ulong)(destination | (source << 4)) << 8 | (ulong)(ushort)offset << 16 | (ulong)(uint)immediate << 32;
}
