using System.Runtime.InteropServices;
using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Engine.Doctor;

/// <summary>Seccomp (seccomp(2)): a filter that allows everything is put over a child, which then ends.</summary>
internal static class SeccompTrials
{
    private const string Group = "seccomp";
    private const int PrSetNoNewPrivs = 38, SetModeFilter = 1, GetActionAvailable = 2;
    private const int NewListener = 8; // SECCOMP_FILTER_FLAG_NEW_LISTENER

    private static readonly (string Name, uint Value)[] Actions =
    [
        ("kill_process", 0x80000000), ("kill_thread", 0), ("trap", 0x30000), ("errno", 0x50000), ("user_notif", 0x7fc00000), ("trace", 0x7ff00000), ("log", 0x7ffc0000), ("allow", 0x7fff0000),
    ];

    public static IEnumerable<Finding> Find()
    {
        TrialResult filter = Trial.Run(NamespaceFlags.None, static program => Filter(program, 0));
        yield return new Finding(Group, "filters", filter.Works, Weight.Later, filter.Words("since Linux 3.5"));
        if (!filter.Works) yield break;
        var there = new List<string>();
        foreach ((string name, uint value) in Actions)
        {
            TrialResult action = Trial.Run(NamespaceFlags.None, program =>
                program.Call(SystemCallNumber.Seccomp, $"seccomp(SECCOMP_GET_ACTION_AVAIL, 0, {{0x{new Words(value.ToString("x", null))}}})", GetActionAvailable, 0, program.Structure(value)));
            if (action.Works) there.Add(name);
        }
        yield return new Finding(Group, "actions", there.Count > 0, Weight.Later, string.Join(' ', there));
        TrialResult notify = Trial.Run(NamespaceFlags.None, static program => Filter(program, NewListener));
        yield return new Finding(Group, "user notification", notify.Works, Weight.Later, notify.Words("since Linux 5.0"));
    }

    private static void Filter(BootBuilder program, int flags)
    {
        program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)", PrSetNoNewPrivs, 1, 0, 0, 0);
        // struct sock_fprog: one instruction (code BPF_RET|BPF_K, jt, jf, SECCOMP_RET_ALLOW), and where it lies.
        Data instruction = program.Bytes(MemoryMarshal.AsBytes<uint>([6, 0x7fff0000]));
        Data filter = program.Bytes(MemoryMarshal.AsBytes<long>([1, 0]));
        program.PointAt(new Data(filter.Offset + 8), instruction);
        program.Call(SystemCallNumber.Seccomp, $"seccomp(SECCOMP_SET_MODE_FILTER, {flags}, {{len=1}})", SetModeFilter, flags, filter);
    }
}
