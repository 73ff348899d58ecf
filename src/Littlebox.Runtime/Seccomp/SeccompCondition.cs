using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>A condition on an argument.</summary>
/// <param name="Index">Which argument, 0 to 5.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">With what; for a masked comparison already without the bits that the mask does not have.</param>
/// <param name="Mask">The mask; all bits for every other comparison.</param>
internal readonly record struct SeccompCondition(int Index, LinuxSeccompOperator Operator, ulong Value, ulong Mask)
{
    /// <summary>Makes a condition of what a profile says: for a masked comparison <paramref name="value"/> is the mask and <paramref name="valueTwo"/> what must be there.</summary>
    public static SeccompCondition Of(int index, LinuxSeccompOperator operation, ulong value, ulong valueTwo) =>
        operation == LinuxSeccompOperator.MaskedEqual ? new(index, operation, valueTwo & value, value) : new(index, operation, value, ulong.MaxValue);

    /// <summary>The condition as an ABI with 32-bit arguments has it: libseccomp drops the upper halves.</summary>
    public SeccompCondition LowerHalf() => this with { Value = (uint)Value, Mask = (uint)Mask };

    /// <summary>A masked comparison without a bit in its mask is always true; libseccomp drops it.</summary>
    public bool IsAlwaysTrue => Mask == 0;

    /// <summary>
    /// Which of two conditions is asked first, where rules of one system call differ in their verdict: libseccomp's order. The later argument before the earlier, equality
    /// before less before greater, the narrower range before the wider.
    /// </summary>
    public static int Order(SeccompCondition a, SeccompCondition b)
    {
        if (a.Index != b.Index) return b.Index - a.Index;
        if (Rank(a) != Rank(b)) return Rank(b) - Rank(a);
        return a.Operator is LinuxSeccompOperator.LessThan or LinuxSeccompOperator.LessEqual ? a.Value.CompareTo(b.Value) : b.Value.CompareTo(a.Value);
    }

    private static int Rank(SeccompCondition condition) => condition.Operator switch
    {
        LinuxSeccompOperator.LessThan or LinuxSeccompOperator.LessEqual => 2,
        LinuxSeccompOperator.GreaterThan or LinuxSeccompOperator.GreaterEqual => 1,
        _ => 3,
    };
}
