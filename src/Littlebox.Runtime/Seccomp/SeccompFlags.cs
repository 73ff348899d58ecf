using Littlebox.Oci;

namespace Littlebox.Runtime.Seccomp;

/// <summary>Flags of seccomp(2) (SECCOMP_FILTER_FLAG_…, linux/seccomp.h), and which of them a profile asks for.</summary>
internal static class SeccompFlags
{
    public const uint Log = 2, SpecAllow = 4, NewListener = 8, WaitKillableReceive = 32;

    /// <summary>The flags that are passed.</summary>
    /// <param name="flags">What the profile says; <c>null</c> where it says nothing, then SPEC_ALLOW, as runc has it.</param>
    /// <param name="notifies">The profile hands system calls to an agent.</param>
    public static uint Of(IReadOnlyList<LinuxSeccompFlag>? flags, bool notifies)
    {
        uint passed = notifies ? NewListener : 0;
        if (flags is null) return passed | SpecAllow;
        foreach (LinuxSeccompFlag flag in flags)
        {
            passed |= flag switch
            {
                LinuxSeccompFlag.Log => Log,
                LinuxSeccompFlag.SpecAllow => SpecAllow,
                // The kernel refuses it without a listener, where it means nothing.
                LinuxSeccompFlag.WaitKillableRecv => notifies ? WaitKillableReceive : 0,
                // TSYNC: the process has one thread when it gets the filter.
                _ => 0,
            };
        }
        return passed;
    }

    /// <summary>The flags as strace prints them.</summary>
    public static string Text(uint flags)
    {
        if (flags == 0) return "0";
        var names = new List<string>();
        if ((flags & Log) != 0) names.Add("SECCOMP_FILTER_FLAG_LOG");
        if ((flags & SpecAllow) != 0) names.Add("SECCOMP_FILTER_FLAG_SPEC_ALLOW");
        if ((flags & NewListener) != 0) names.Add("SECCOMP_FILTER_FLAG_NEW_LISTENER");
        if ((flags & WaitKillableReceive) != 0) names.Add("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
        return string.Join('|', names);
    }
}
