using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>Writes rules with conditions. A filter's registers have 32 bits, an argument 64: it is compared in two halves, the upper one first.</summary>
/// <param name="writer">Where to.</param>
/// <param name="compares64">Compare both halves; otherwise the lower one only.</param>
internal readonly struct ConditionWriter(BpfWriter writer, bool compares64)
{
    /// <summary>Rules one after another: the first that holds decides.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="otherwise">Where to go on when none holds.</param>
    /// <returns>The place where the first rule begins.</returns>
    public int Rules(List<SeccompRule> rules, int otherwise)
    {
        int next = otherwise;
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            int verdict = writer.Return(rules[i].Verdict), begin = verdict;
            for (int j = rules[i].Conditions.Length - 1; j >= 0; j--) begin = Condition(rules[i].Conditions[j], begin, next);
            next = begin;
        }
        return next;
    }

    private int Condition(SeccompCondition condition, int holds, int fails)
    {
        switch (condition.Operator)
        {
            case LinuxSeccompOperator.NotEqual: return Equal(condition, fails, holds);
            case LinuxSeccompOperator.LessThan: return Greater(condition, BpfCode.JumpGreaterOrEqual, fails, holds);
            case LinuxSeccompOperator.LessEqual: return Greater(condition, BpfCode.JumpGreater, fails, holds);
            case LinuxSeccompOperator.GreaterEqual: return Greater(condition, BpfCode.JumpGreaterOrEqual, holds, fails);
            case LinuxSeccompOperator.GreaterThan: return Greater(condition, BpfCode.JumpGreater, holds, fails);
            default: return Equal(condition, holds, fails);
        }
    }

    private int Equal(SeccompCondition condition, int holds, int fails)
    {
        uint lowMask = (uint)condition.Mask, highMask = (uint)(condition.Mask >> 32);
        int begin = holds;
        if (lowMask != 0) begin = EqualHalf(SeccompData.Low(condition.Index), (uint)condition.Value, lowMask, begin, fails);
        if (compares64 && highMask != 0) begin = EqualHalf(SeccompData.High(condition.Index), (uint)(condition.Value >> 32), highMask, begin, fails);
        return begin;
    }

    private int EqualHalf(uint offset, uint value, uint mask, int holds, int fails)
    {
        writer.Jump(BpfCode.JumpEqual, value, holds, fails);
        if (mask != uint.MaxValue) writer.Write(BpfCode.And, mask);
        return writer.Write(BpfCode.LoadWord, offset);
    }

    private int Greater(SeccompCondition condition, ushort lowCode, int holds, int fails)
    {
        writer.Jump(lowCode, (uint)condition.Value, holds, fails);
        int low = writer.Write(BpfCode.LoadWord, SeccompData.Low(condition.Index));
        if (!compares64) return low;
        uint high = (uint)(condition.Value >> 32);
        int equal = writer.Jump(BpfCode.JumpEqual, high, low, fails);
        writer.Jump(BpfCode.JumpGreater, high, holds, equal);
        return writer.Write(BpfCode.LoadWord, SeccompData.High(condition.Index));
    }
}
