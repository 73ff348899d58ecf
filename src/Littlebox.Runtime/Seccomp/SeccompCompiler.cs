using System.Runtime.InteropServices;
using Littlebox.Linux;

namespace Littlebox.Runtime.Seccomp;

/// <summary>
/// Makes a filter of a profile. The verdicts are those that runc gives with libseccomp, proved in tests call by call; the program is another one, see
/// docs/decisions/0007-seccomp.md.
/// </summary>
internal static class SeccompCompiler
{
    // What libseccomp says to a system call of an architecture that the profile does not name.
    private const uint BadArchitecture = SeccompVerdict.KillThread;

    /// <summary>Compiles a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="native">The ABI of the kernel's own programs, which belongs to every profile.</param>
    /// <exception cref="LittleboxException">It would be longer than the kernel takes.</exception>
    public static SeccompFilter Compile(SeccompProfile profile, SystemCallAbi native)
    {
        List<CallPolicies> abis = [new CallPolicies(native)];
        foreach (SystemCallAbi abi in profile.Abis)
        {
            if (FilterArchitecture.CanBeCalled(abi, native) && !abis.Exists(known => known.Abi == abi)) abis.Add(new CallPolicies(abi));
        }
        foreach (SeccompEntry entry in profile.Entries) Add(entry, profile.Default, abis);

        // From the end of the program to its beginning.
        var writer = new BpfWriter();
        int next = writer.Return(BadArchitecture);
        for (int i = abis.Count - 1; i >= 0; i--)
        {
            if (abis[i].Abi == SystemCallAbi.X32) continue;
            int begin = Numbers(writer, abis[i], profile.Default);
            if (abis[i].Abi == SystemCallAbi.X64) begin = X32(writer, begin, abis.Find(abi => abi.Abi == SystemCallAbi.X32), profile.Default);
            writer.GoOnAt(begin);
            int section = writer.Write(BpfCode.LoadWord, SeccompData.Number);
            next = writer.Jump(BpfCode.JumpEqual, FilterArchitecture.Audit(abis[i].Abi), section, next);
        }
        writer.GoOnAt(next);
        writer.Write(BpfCode.LoadWord, SeccompData.Architecture);

        if (writer.Count > SeccompFilter.MostInstructions)
        {
            throw new LittleboxException(ErrorKind.InvalidArgument,
                $"the seccomp profile makes a filter of {writer.Count} instructions, and the kernel takes {SeccompFilter.MostInstructions} at most: it needs fewer rules with conditions, or fewer architectures");
        }
        return new SeccompFilter(MemoryMarshal.AsBytes<BpfInstruction>(writer.ToProgram()).ToArray(), profile.Flags, profile.Notifies);
    }

    private static void Add(SeccompEntry entry, uint defaultVerdict, List<CallPolicies> abis)
    {
        foreach (string name in entry.Names)
        {
            // A name that is not known is newer than the table or made up: no rule, as with runc.
            int place = SystemCallTable.Find(name);
            if (place < 0) continue;
            foreach (CallPolicies abi in abis)
            {
                abi.Knows(place);
                // A rule that says what is said anyway is none, as with runc.
                if (entry.Verdict == defaultVerdict) continue;
                foreach (SeccompCondition[] conditions in entry.Alternatives) abi.Add(place, conditions, entry.Verdict);
            }
        }
    }

    // The search for a number, with the rules that it leads to.
    private static int Numbers(BpfWriter writer, CallPolicies policies, uint defaultVerdict)
    {
        // A system call newer than any that the profile names is one that its author could not know: programs then expect ENOSYS and do without. So runc does.
        uint? newest = SeccompVerdict.LetsThrough(defaultVerdict) ? null : policies.Newest;
        var tree = new RangeTree(writer);
        List<(CallPolicy Policy, int Place)> written = [];
        int otherwise = writer.Return(defaultVerdict);
        uint from = policies.Abi == SystemCallAbi.X32 ? SystemCallTable.X32Bit : 0;
        foreach (CallPolicy policy in policies.InOrder())
        {
            Gap(tree, from, policy.Number, newest, defaultVerdict);
            if (policy.Always is uint verdict)
            {
                tree.Verdict(policy.Number, verdict);
            }
            else
            {
                int known = written.FindIndex(other => other.Policy.Same(policy));
                if (known < 0)
                {
                    known = written.Count;
                    written.Add((policy, new ConditionWriter(writer, FilterArchitecture.Compares64(policies.Abi)).Rules(policy.Rules, otherwise)));
                }
                tree.Rules(policy.Number, written[known].Place);
            }
            from = policy.Number + 1;
        }
        Gap(tree, from, ulong.MaxValue, newest, defaultVerdict);
        return tree.Write();
    }

    // Numbers without a rule: from one to before another.
    private static void Gap(RangeTree tree, uint from, ulong to, uint? newest, uint defaultVerdict)
    {
        if (from >= to) return;
        if (newest is null || from <= newest) tree.Verdict(from, defaultVerdict);
        if (newest is null) return;
        uint unknown = Math.Max(from, newest.Value + 1);
        if (unknown < to) tree.Verdict(unknown, SeccompVerdict.NotImplemented);
    }

    // x32 shows the architecture of x86_64; where the profile does not name it, its calls are of a wrong architecture, all but -1, by which a tracer says "do not call".
    private static int X32(BpfWriter writer, int x64, CallPolicies? x32, uint defaultVerdict)
    {
        int above = x32 is not null ? Numbers(writer, x32, defaultVerdict)
            : writer.Jump(BpfCode.JumpEqual, uint.MaxValue, writer.Return(defaultVerdict), writer.Return(BadArchitecture));
        return writer.Jump(BpfCode.JumpGreaterOrEqual, SystemCallTable.X32Bit, above, x64);
    }
}
