using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>What a profile means, said the short way: the rules of a call in their order. Besides libseccomp the second oracle, and the one for what runc adds to it.</summary>
internal sealed class ProfileModel(SeccompProfile profile, SystemCallAbi native)
{
    private readonly SystemCallAbi[] abis = [.. profile.Abis.Prepend(native).Distinct()];
    private readonly Dictionary<(SystemCallAbi Abi, uint Number), List<SeccompRule>> known = [];
    private readonly Dictionary<(SystemCallAbi Abi, uint Number), bool> doubtful = [];
    private readonly Dictionary<SystemCallAbi, long?> newest = Enum.GetValues<SystemCallAbi>().ToDictionary(abi => abi, abi => Last(profile, abi));

    /// <summary>The number behind which every system call is answered ENOSYS, or <c>null</c>.</summary>
    public long? Newest(SystemCallAbi abi) => newest[abi];

    private static long? Last(SeccompProfile profile, SystemCallAbi abi)
    {
        if (SeccompVerdict.LetsThrough(profile.Default)) return null;
        long[] numbers = [.. profile.Entries.SelectMany(entry => entry.Names).Select(SystemCallTable.Find).Where(place => place >= 0).Select(place => SystemCallTable.Number(place, abi))
            .Where(number => number >= 0 && (number & 0xf0000) == 0)];
        return numbers.Length == 0 ? null : numbers.Max();
    }

    /// <summary>The ABI that a call is made by, or <c>null</c> where the profile does not name it.</summary>
    public SystemCallAbi? AbiOf(in CallData call)
    {
        foreach (SystemCallAbi abi in abis)
        {
            bool bit = call.Number >= SystemCallTable.X32Bit;
            if (FilterArchitecture.Audit(abi) != call.Architecture) continue;
            if (abi == SystemCallAbi.X64 && bit || abi == SystemCallAbi.X32 && !bit) continue;
            return abi;
        }
        return null;
    }

    /// <summary>The verdict.</summary>
    public uint Verdict(CallData call)
    {
        if (AbiOf(call) is not SystemCallAbi abi) return call is { Architecture: FilterArchitecture.AuditX64, Number: uint.MaxValue } && abis.Contains(SystemCallAbi.X64) ? profile.Default : SeccompVerdict.KillThread;
        List<SeccompRule> rules = Known(abi, call.Number);
        if (rules.Find(rule => rule.Conditions.Length == 0) is SeccompRule always) return always.Verdict;
        if (rules.Find(rule => rule.Conditions.All(condition => Holds(condition, FilterArchitecture.Compares64(abi) ? call[condition.Index] : (uint)call[condition.Index]))) is SeccompRule holds) return holds.Verdict;
        if (rules.Count == 0 && call.Number > Newest(abi) && !(abi == SystemCallAbi.X64 && call.Number == uint.MaxValue)) return SeccompVerdict.NotImplemented;
        return profile.Default;
    }

    /// <summary>
    /// Whether libseccomp 2.5.4 may answer this call wrongly: two rules with conditions look at one argument. After the first has gone on to another word and failed there, the
    /// second one compares what that word left in the accumulator, without loading its own. Equalities with one upper half are safe.
    /// </summary>
    public bool LibseccompMayErr(in CallData call)
    {
        if (AbiOf(call) is not SystemCallAbi abi) return false;
        // What only socketcall and ipc carry has no number of its own, and is left out when libseccomp is asked.
        if (abi == SystemCallAbi.X86 && (call.Number is 102 or 117) && profile.Entries.Any(entry => entry.Names.Any(name => Libseccomp.Number(name, abi) is < -100 and > -300))) return true;
        if (doubtful.TryGetValue((abi, call.Number), out bool answer)) return answer;
        List<SeccompRule> rules = Known(abi, call.Number);
        answer = rules.SelectMany((one, i) => rules.Skip(i + 1).Select(other => (one, other))).Any(pair => !pair.one.Same(pair.other) && !IsSafe(pair.one, pair.other)
            && pair.one.Conditions.Any(condition => pair.other.Conditions.Any(other => other.Index == condition.Index)));
        return doubtful[(abi, call.Number)] = answer;
    }

    private static bool IsSafe(SeccompRule one, SeccompRule other) => one.Conditions is [{ Operator: LinuxSeccompOperator.EqualTo } a] && other.Conditions is [{ Operator: LinuxSeccompOperator.EqualTo } b]
        && a.Value >> 32 == b.Value >> 32;

    private List<SeccompRule> Known(SystemCallAbi abi, uint number) =>
        known.TryGetValue((abi, number), out List<SeccompRule>? rules) ? rules : known[(abi, number)] = Rules(abi, number);

    private List<SeccompRule> Rules(SystemCallAbi abi, uint number)
    {
        var rules = new List<SeccompRule>();
        foreach (SeccompEntry entry in profile.Entries)
        {
            if (entry.Verdict == profile.Default) continue;
            foreach (int place in entry.Names.Select(SystemCallTable.Find).Where(place => place >= 0))
            {
                foreach (SeccompCondition[] conditions in entry.Alternatives)
                {
                    if (SystemCallTable.Number(place, abi) == number) rules.Add(new SeccompRule(Seen(conditions, abi), entry.Verdict));
                    if (abi == SystemCallAbi.X86 && SystemCallTable.IsMultiplexed(place, out uint carrier, out uint which) && carrier == number)
                        rules.Add(new SeccompRule([SeccompCondition.Of(0, LinuxSeccompOperator.EqualTo, which, 0), .. Seen(conditions, abi).Where(condition => condition.Index > 0)], entry.Verdict));
                }
            }
        }
        return [.. rules.Order(Comparer<SeccompRule>.Create(SeccompRule.Order))];
    }

    private static SeccompCondition[] Seen(SeccompCondition[] conditions, SystemCallAbi abi) =>
        [.. conditions.Select(condition => FilterArchitecture.Compares64(abi) ? condition : condition.LowerHalf()).Where(condition => condition.Mask != 0)];

    private static bool Holds(SeccompCondition condition, ulong value) => condition.Operator switch
    {
        LinuxSeccompOperator.EqualTo => value == condition.Value,
        LinuxSeccompOperator.NotEqual => value != condition.Value,
        LinuxSeccompOperator.LessThan => value < condition.Value,
        LinuxSeccompOperator.LessEqual => value <= condition.Value,
        LinuxSeccompOperator.GreaterThan => value > condition.Value,
        LinuxSeccompOperator.GreaterEqual => value >= condition.Value,
        _ => (value & condition.Mask) == condition.Value,
    };
}
