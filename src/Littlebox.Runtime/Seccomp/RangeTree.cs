namespace Littlebox.Runtime.Seccomp;

/// <summary>
/// Writes the search for the system call's number: numbers next to each other with one verdict are one range, and the ranges are a balanced tree. The kernel runs a new filter
/// once for every number, to remember what is always allowed (Linux 5.11); a list of comparisons costs it far more, see docs/decisions/0007-seccomp.md.
/// </summary>
internal sealed class RangeTree(BpfWriter writer)
{
    private readonly List<Range> ranges = new(128);

    /// <summary>Numbers from <paramref name="start"/> on have a verdict. To be called with ascending numbers.</summary>
    public void Verdict(uint start, uint verdict) => Add(new Range(start, verdict, -1));

    /// <summary>Numbers from <paramref name="start"/> on are looked at by rules that begin at <paramref name="place"/>.</summary>
    public void Rules(uint start, int place) => Add(new Range(start, 0, place));

    /// <summary>Writes the tree; it expects the number in the accumulator.</summary>
    /// <returns>The place where it begins.</returns>
    public int Write() => Write(0, ranges.Count);

    private void Add(Range range)
    {
        if (ranges.Count > 0 && ranges[^1].Start == range.Start) ranges.RemoveAt(ranges.Count - 1);
        if (ranges.Count == 0 || !ranges[^1].GoesLike(range)) ranges.Add(range);
    }

    private int Write(int from, int to)
    {
        if (to - from == 1) return Leaf(from);
        // One number between two that go the same way is one comparison instead of two.
        if (to - from == 3 && ranges[from].GoesLike(ranges[from + 2]) && ranges[from + 1].Start + 1 == ranges[from + 2].Start)
        {
            int one = Leaf(from + 1);
            return writer.Jump(BpfCode.JumpEqual, ranges[from + 1].Start, one, Leaf(from));
        }
        int middle = (from + to) / 2;
        // Odd halves, where there is a choice: three ranges are often one comparison.
        if ((to - from) % 2 == 0 && (middle - from) % 2 == 0) middle++;
        int above = Write(middle, to);
        int below = Write(from, middle);
        return writer.Jump(BpfCode.JumpGreaterOrEqual, ranges[middle].Start, above, below);
    }

    private int Leaf(int at) => ranges[at].Place >= 0 ? ranges[at].Place : writer.Return(ranges[at].Verdict);

    private readonly record struct Range(uint Start, uint Verdict, int Place)
    {
        public bool GoesLike(Range other) => Verdict == other.Verdict && Place == other.Place;
    }
}
