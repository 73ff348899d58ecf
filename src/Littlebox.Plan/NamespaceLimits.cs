using Littlebox.Linux;

namespace Littlebox.Plan;

/// <summary>The limits on namespaces of the user namespace we are in: sysctl user.max_user_namespaces and its kin (namespaces(7)).</summary>
internal static class NamespaceLimits
{
    private static readonly (string Flag, string Kind)[] Kinds =
    [
        ("CLONE_NEWUSER", "user"), ("CLONE_NEWNS", "mnt"), ("CLONE_NEWUTS", "uts"), ("CLONE_NEWIPC", "ipc"), ("CLONE_NEWNET", "net"), ("CLONE_NEWPID", "pid"),
        ("CLONE_NEWCGROUP", "cgroup"), ("CLONE_NEWTIME", "time"),
    ];

    /// <summary>Why a clone3 or unshare failed with ENOSPC: a kind of namespace that is switched off, or that there are too many.</summary>
    /// <param name="call">The call as strace prints it.</param>
    public static string Words(string call)
    {
        foreach ((string flag, string kind) in Kinds)
        {
            if (call.Contains(flag, StringComparison.Ordinal) && SmallFile.TryReadText($"/proc/sys/user/max_{kind}_namespaces") is { } limit && limit.Trim() == "0")
                return $"new {kind} namespaces are switched off here: sysctl user.max_{kind}_namespaces is 0; 'sysctl -w user.max_{kind}_namespaces=15000' switches them on";
        }
        return "too many namespaces of one kind for this user, or nested too deeply (32): see sysctl user.max_user_namespaces, user.max_pid_namespaces and their kin, "
            + "and 'littlebox ns ls' for what holds them";
    }
}
