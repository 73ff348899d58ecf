using System.Globalization;
using Littlebox.Linux;
using Littlebox.Plan;

namespace Littlebox.Engine.Doctor;

/// <summary>Each kind of namespace, made by a child: by root at once, by others in a user namespace, as containers are.</summary>
internal static class NamespaceTrials
{
    private const string Group = "namespaces";
    private const ulong CapSysAdmin = 1UL << 21;

    // The name in /proc/sys/user/max_NAME_namespaces, which is that of /proc/PID/ns.
    private static readonly (NamespaceFlags Kind, string Name, string Limit, Weight Weight)[] Kinds =
    [
        (NamespaceFlags.Mount, "mount", "mnt", Weight.Needed), (NamespaceFlags.Uts, "uts", "uts", Weight.Needed), (NamespaceFlags.Ipc, "ipc", "ipc", Weight.Needed),
        (NamespaceFlags.Network, "net", "net", Weight.Needed), (NamespaceFlags.Pid, "pid", "pid", Weight.Needed), (NamespaceFlags.CGroup, "cgroup", "cgroup", Weight.Needed),
        (NamespaceFlags.Time, "time", "time", Weight.Used),
    ];

    public static IEnumerable<Finding> Find()
    {
        bool root = Kernel.EffectiveUid == 0;
        TrialResult user = Trial.Run(NamespaceFlags.User, static _ => { });
        Weight weight = root ? Weight.Used : Weight.Needed;
        yield return new Finding(Group, "user", user.Works, weight, user.Words(root ? "root may make them, for --userns" : "this user may make them: every other kind is made in one"))
        {
            Remedy = Remedy(user, "user"),
        };
        foreach ((NamespaceFlags kind, string name, string limit, Weight matters) in Kinds)
        {
            TrialResult result = Trial.Run(Trial.For(kind), static _ => { });
            // Where no user namespace can be had there is one thing to mend, not eight.
            bool sameCause = !root && !user.Works && result.Error == user.Error;
            yield return new Finding(Group, name, result.Works, matters, sameCause ? "needs a user namespace, which is refused" : result.Words("made") + (WithoutRights(result) ? ": this root has no CAP_SYS_ADMIN, as in a container" : ""))
            {
                Remedy = sameCause ? null : Remedy(result, limit),
                Follows = sameCause,
            };
        }
    }

    private static string? Remedy(TrialResult result, string limit) => result.Error switch
    {
        Errno.ENOSPC when ReadNumber($"/proc/sys/user/max_{limit}_namespaces") == 0 => Remedies.MoreNamespaces(limit),
        Errno.ENOSPC => ReadNumber("/proc/sys/user/max_user_namespaces") == 0 ? Remedies.MoreNamespaces("user") : Remedies.MoreNamespaces(limit),
        Errno.EPERM or Errno.EACCES when Kernel.EffectiveUid != 0 && ReadNumber(UserNamespace.CloneSwitch) == 0 => Remedies.UserNamespaces,
        Errno.EPERM or Errno.EACCES when Kernel.EffectiveUid != 0 && ReadNumber(UserNamespace.AppArmorSwitch) == 1 => Remedies.AppArmorUserNamespaces,
        _ when WithoutRights(result) => Remedies.WithRights,
        Errno.EPERM or Errno.EACCES or Errno.ENOSYS when IsFiltered => Remedies.WithoutFilter,
        _ => null,
    };

    private static bool WithoutRights(TrialResult result) => result.Error is Errno.EPERM && Kernel.EffectiveUid == 0 && (Kernel.PermittedCapabilities & CapSysAdmin) == 0;

    /// <summary>The number in a small file; <c>null</c> where there is none.</summary>
    internal static long? ReadNumber(string path) =>
        long.TryParse(SmallFile.TryReadText(path)?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>True where a seccomp filter lies over this process already, as in most containers.</summary>
    internal static bool IsFiltered => (SmallFile.TryReadText("/proc/self/status") ?? "").Contains("\nSeccomp:\t2", StringComparison.Ordinal);
}
