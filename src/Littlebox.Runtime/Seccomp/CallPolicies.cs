using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>What a profile says about the system calls of one ABI.</summary>
/// <param name="abi">The ABI.</param>
internal sealed class CallPolicies(SystemCallAbi abi)
{
    private const uint Common = 1024;

    // Numbers as the table has them, below 1024; and the few that only 32-bit arm has, far above.
    private readonly CallPolicy?[] common = new CallPolicy?[Common];
    private readonly List<CallPolicy> far = [];

    /// <summary>The ABI.</summary>
    public SystemCallAbi Abi => abi;

    /// <summary>The largest number that the profile names, whatever it says about it; <c>null</c> where it names none. Those far above do not count.</summary>
    public uint? Newest { get; private set; }

    private uint First => abi == SystemCallAbi.X32 ? SystemCallTable.X32Bit : 0;

    /// <summary>Notes that the profile knows a system call.</summary>
    /// <param name="place">Its place in the table.</param>
    public void Knows(int place)
    {
        long number = SystemCallTable.Number(place, abi);
        if (number < 0 || number - First >= Common) return;
        if (Newest is null || number > Newest) Newest = (uint)number;
    }

    /// <summary>Adds a rule.</summary>
    /// <param name="place">The place of the system call in the table.</param>
    /// <param name="conditions">What must hold, by ascending argument.</param>
    /// <param name="verdict">The verdict.</param>
    public void Add(int place, SeccompCondition[] conditions, uint verdict)
    {
        if (!FilterArchitecture.Compares64(abi) && conditions.Length > 0) conditions = Array.ConvertAll(conditions, condition => condition.LowerHalf());
        if (Array.Exists(conditions, condition => condition.IsAlwaysTrue)) conditions = Array.FindAll(conditions, condition => !condition.IsAlwaysTrue);
        long number = SystemCallTable.Number(place, abi);
        if (number >= 0) Policy((uint)number).Add(conditions, verdict);
        // i386: the same through socketcall or ipc, whose first argument is which one. The call's own arguments lie behind a pointer there, which no filter can follow:
        // a condition on the first is dropped, the others look at the carrier's arguments. All of this as libseccomp does it.
        if (abi == SystemCallAbi.X86 && SystemCallTable.IsMultiplexed(place, out uint carrier, out uint call))
            Policy(carrier).Add([SeccompCondition.Of(0, LinuxSeccompOperator.EqualTo, call, 0), .. Array.FindAll(conditions, condition => condition.Index > 0)], verdict);
    }

    /// <summary>All that there are, by ascending number.</summary>
    public IEnumerable<CallPolicy> InOrder()
    {
        foreach (CallPolicy? policy in common)
        {
            if (policy is not null) yield return policy;
        }
        far.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        foreach (CallPolicy policy in far) yield return policy;
    }

    private CallPolicy Policy(uint number)
    {
        if (number - First < Common) return common[number - First] ??= new CallPolicy(number);
        CallPolicy? known = far.Find(policy => policy.Number == number);
        if (known is null) far.Add(known = new CallPolicy(number));
        return known;
    }
}
