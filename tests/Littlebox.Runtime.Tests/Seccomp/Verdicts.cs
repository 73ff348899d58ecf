using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>Compares a filter with both oracles, over all numbers of each ABI and with arguments around every value that is compared.</summary>
internal static class Verdicts
{
    /// <summary>Fails at the first call that is answered differently.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="native">The kernel's own ABI.</param>
    /// <param name="optimize">Let libseccomp write its tree.</param>
    /// <param name="trusted">Ask libseccomp about every call; otherwise for each ABI by itself, and not where <see cref="ProfileModel.LibseccompMayErr"/>.</param>
    /// <returns>False where libseccomp refuses the profile, and only the model was asked.</returns>
    public static bool Compare(SeccompProfile profile, SystemCallAbi native = SystemCallAbi.X64, bool optimize = false, bool trusted = true)
    {
        byte[] ours = SeccompCompiler.Compile(profile, native).Program.ToArray();
        byte[]? whole = trusted ? Libseccomp.Compile(profile, native, optimize) : null;
        var parts = new Dictionary<SystemCallAbi, byte[]?>();
        var model = new ProfileModel(profile, native);
        bool asked = whole is not null;
        foreach (CallData call in Calls(profile))
        {
            uint verdict = BpfMachine.Run(ours, call);
            uint meant = model.Verdict(call);
            if (verdict != meant) Assert.Fail($"{call}: {SeccompVerdict.Text(verdict)}, by the model {SeccompVerdict.Text(meant)}\n{Text(profile)}");
            byte[]? theirs = whole ?? (model.AbiOf(call) is SystemCallAbi part && !model.LibseccompMayErr(call) ? Part(part) : null);
            if (theirs is null) continue;
            asked = true;
            uint oracle = BpfMachine.Run(theirs, call);
            // runc's addition: a call that is newer than every one the profile names.
            if (verdict == SeccompVerdict.NotImplemented && oracle == profile.Default && model.AbiOf(call) is SystemCallAbi abi && call.Number > model.Newest(abi)) continue;
            if (verdict != oracle) Assert.Fail($"{call}: {SeccompVerdict.Text(verdict)}, by libseccomp {SeccompVerdict.Text(oracle)}\n{Text(Shrunk(profile, native, optimize, call))}");
        }
        return asked;

        byte[]? Part(SystemCallAbi abi) => parts.TryGetValue(abi, out byte[]? known) ? known : parts[abi] = Libseccomp.Compile(Only(profile, abi), abi);
    }

    // The part of a profile about one ABI, without names that it has no number for: libseccomp 2.5.4 goes wrong in the rules beside them.
    private static SeccompProfile Only(SeccompProfile profile, SystemCallAbi abi) => profile with
    {
        Abis = [],
        Entries = [.. profile.Entries.Select(entry => entry with { Names = [.. entry.Names.Where(name => SystemCallTable.Find(name) is >= 0 and int place && SystemCallTable.Number(place, abi) >= 0)] })],
    };

    // What is left of a profile when every entry and name is taken away without which both filters still differ.
    private static SeccompProfile Shrunk(SeccompProfile profile, SystemCallAbi native, bool optimize, CallData call)
    {
        for (int i = profile.Entries.Count - 1; i >= 0; i--)
        {
            SeccompProfile smaller = profile with { Entries = [.. profile.Entries.Where((_, at) => at != i)] };
            if (Differ(smaller)) profile = smaller;
        }
        for (int i = 0; i < profile.Entries.Count; i++)
        {
            foreach (string name in profile.Entries[i].Names.ToArray())
            {
                SeccompProfile smaller = profile with { Entries = [.. profile.Entries.Select((entry, at) => at != i ? entry : entry with { Names = [.. entry.Names.Where(other => other != name)] })] };
                if (Differ(smaller)) profile = smaller;
            }
        }
        return profile;

        bool Differ(SeccompProfile smaller) => Libseccomp.Compile(smaller, native, optimize) is byte[] theirs
            && BpfMachine.Run(SeccompCompiler.Compile(smaller, native).Program.Span, call) is uint ours && ours != BpfMachine.Run(theirs, call) && ours != SeccompVerdict.NotImplemented;
    }

    /// <summary>The profile, to be read in a failure.</summary>
    public static string Text(SeccompProfile profile) => $"default {SeccompVerdict.Text(profile.Default)}, {string.Join(' ', profile.Abis)}\n" + string.Join('\n', profile.Entries.Take(40).Select(entry =>
        $"  {SeccompVerdict.Text(entry.Verdict)} {string.Join(' ', entry.Names.Take(12))}: {string.Join(" or ", entry.Alternatives.Select(all => "[" + string.Join(" and ", all.Select(one => $"{one.Operator}({one.Index}, 0x{one.Value:x}, 0x{one.Mask:x})")) + "]"))}"));

    private static IEnumerable<CallData> Calls(SeccompProfile profile)
    {
        uint[] architectures = [FilterArchitecture.AuditX64, FilterArchitecture.AuditX86, FilterArchitecture.AuditArm64, FilterArchitecture.AuditArm, 0xc00000f3, 0];
        foreach (uint architecture in architectures)
        {
            foreach (uint number in Numbers()) yield return new CallData(architecture, number);
        }
        var random = new Random(1);
        foreach (IGrouping<string, SeccompEntry> rules in profile.Entries.SelectMany(entry => entry.Names.Select(name => (name, entry))).GroupBy(pair => pair.name, pair => pair.entry))
        {
            SeccompCondition[] conditions = [.. rules.SelectMany(entry => entry.Alternatives).SelectMany(all => all)];
            int place = SystemCallTable.Find(rules.Key);
            if (conditions.Length == 0 || place < 0) continue;
            ulong[][] values = [.. Enumerable.Range(0, 6).Select(index => Around(conditions.Where(condition => condition.Index == index)))];
            foreach (SystemCallAbi abi in Enum.GetValues<SystemCallAbi>())
            {
                bool multiplexed = SystemCallTable.IsMultiplexed(place, out uint carrier, out uint which) && abi == SystemCallAbi.X86;
                for (int i = 0; i < 300; i++)
                {
                    ulong[] chosen = [.. values.Select(around => around[random.Next(around.Length)])];
                    long number = SystemCallTable.Number(place, abi);
                    if (number >= 0) yield return new CallData(FilterArchitecture.Audit(abi), (uint)number, chosen[0], chosen[1], chosen[2], chosen[3], chosen[4], chosen[5]);
                    if (multiplexed) yield return new CallData(FilterArchitecture.AuditX86, carrier, random.Next(8) == 0 ? chosen[0] : which, chosen[1], chosen[2], chosen[3], chosen[4], chosen[5]);
                }
            }
        }
        for (uint call = 0; call < 32; call++)
        {
            yield return new CallData(FilterArchitecture.AuditX86, 102, call);
            yield return new CallData(FilterArchitecture.AuditX86, 117, call);
        }
    }

    private static IEnumerable<uint> Numbers()
    {
        for (uint i = 0; i < 700; i++)
        {
            yield return i;
            yield return i | SystemCallTable.X32Bit;
        }
        for (uint i = 0xf0000; i < 0xf0010; i++) yield return i;
        foreach (uint special in new uint[] { 1023u, 1024, 0x3fffffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff }) yield return special;
    }

    private static ulong[] Around(IEnumerable<SeccompCondition> conditions) =>
    [
        0, 1, ulong.MaxValue, .. conditions.SelectMany(condition => new[]
        {
            condition.Value, condition.Value - 1, condition.Value + 1, condition.Value + (1UL << 32), condition.Value - (1UL << 32), (uint)condition.Value, condition.Value | ~0UL << 32,
            condition.Value | ~condition.Mask, condition.Value ^ (condition.Mask & (0 - condition.Mask)), condition.Mask,
        }),
    ];
}
