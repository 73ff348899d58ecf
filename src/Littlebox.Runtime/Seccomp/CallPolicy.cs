namespace Littlebox.Runtime.Seccomp;

/// <summary>A rule with conditions, all of which must hold, by ascending argument.</summary>
internal sealed record SeccompRule(SeccompCondition[] Conditions, uint Verdict)
{
    /// <summary>Which of two rules is asked first: see <see cref="SeccompCondition.Order"/>; the shorter one where the longer continues it.</summary>
    public static int Order(SeccompRule a, SeccompRule b)
    {
        int common = Math.Min(a.Conditions.Length, b.Conditions.Length);
        for (int i = 0; i < common; i++)
        {
            int order = SeccompCondition.Order(a.Conditions[i], b.Conditions[i]);
            if (order != 0) return order;
        }
        return a.Conditions.Length - b.Conditions.Length;
    }

    /// <summary>Whether both say the same.</summary>
    public bool Same(SeccompRule other) => Verdict == other.Verdict && Conditions.AsSpan().SequenceEqual(other.Conditions);
}

/// <summary>What a profile says about one system call: a verdict for every call of it, or rules with conditions.</summary>
internal sealed class CallPolicy(uint number)
{
    /// <summary>The number of the system call, as a filter sees it.</summary>
    public uint Number => number;

    /// <summary>The verdict of the first rule without conditions: such a rule stands above all that have some, as in libseccomp.</summary>
    public uint? Always { get; private set; }

    /// <summary>The rules with conditions in the order in which they are asked; the first that holds decides.</summary>
    public List<SeccompRule> Rules { get; } = [];

    /// <summary>Adds a rule.</summary>
    public void Add(SeccompCondition[] conditions, uint verdict)
    {
        if (Always is not null) return;
        if (conditions.Length == 0)
        {
            Always = verdict;
            Rules.Clear();
            return;
        }
        var rule = new SeccompRule(conditions, verdict);
        int place = 0;
        while (place < Rules.Count && SeccompRule.Order(Rules[place], rule) <= 0)
        {
            if (Rules[place++].Same(rule)) return;
        }
        Rules.Insert(place, rule);
    }

    /// <summary>Whether both say the same, whatever their numbers.</summary>
    public bool Same(CallPolicy other)
    {
        if (Always != other.Always || Rules.Count != other.Rules.Count) return false;
        for (int i = 0; i < Rules.Count; i++)
        {
            if (!Rules[i].Same(other.Rules[i])) return false;
        }
        return true;
    }
}
