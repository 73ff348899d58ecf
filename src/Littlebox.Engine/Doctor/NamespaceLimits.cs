using Littlebox.Linux;
using Littlebox.Plan;

namespace Littlebox.Engine.Doctor;

/// <summary>The switches and limits of namespaces (namespaces(7), "The /proc/sys/user directory"), which belong to the user namespace we are in.</summary>
internal static class NamespaceLimits
{
    private const string Group = "limits";

    public static IEnumerable<Finding> Find()
    {
        bool root = Kernel.EffectiveUid == 0;
        // Debian's switch and Ubuntu's; other kernels do not have them.
        if (NamespaceTrials.ReadNumber(UserNamespace.CloneSwitch) is { } allowed)
            yield return Switch("kernel.unprivileged_userns_clone", allowed, allowed != 0, root, Remedies.UserNamespaces);
        if (NamespaceTrials.ReadNumber(UserNamespace.AppArmorSwitch) is { } restricted)
            yield return Switch("kernel.apparmor_restrict_unprivileged_userns", restricted, restricted == 0, root, Remedies.AppArmorUserNamespaces);
        foreach (string kind in (string[])["user", "mnt", "uts", "ipc", "net", "pid", "cgroup", "time"])
        {
            if (NamespaceTrials.ReadNumber($"/proc/sys/user/max_{kind}_namespaces") is not { } most) continue;
            Weight weight = kind is "time" || (kind is "user" && root) ? Weight.Used : Weight.Needed;
            yield return new Finding(Group, $"user.max_{kind}_namespaces", most > 0, weight, $"{most}{(most > 0 ? " for each user" : ": none may be made")}")
            {
                Remedy = most > 0 ? null : Remedies.MoreNamespaces(kind),
                Follows = most <= 0, // the namespaces have the finding that counts
            };
        }
    }

    // What the switch forbids is tried among the namespaces; it is named here since it is the cause.
    private static Finding Switch(string name, long value, bool open, bool root, string remedy) => new(Group, name, open, Weight.Used, $"{value}{(root ? ", which does not bind root" : "")}")
    {
        Remedy = open || root ? null : remedy,
    };
}
