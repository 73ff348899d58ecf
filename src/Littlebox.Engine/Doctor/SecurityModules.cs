using Littlebox.Linux;

namespace Littlebox.Engine.Doctor;

/// <summary>The security modules that may refuse what ordinary permissions allow.</summary>
internal static class SecurityModules
{
    private const string Group = "security modules";

    public static IEnumerable<Finding> Find()
    {
        if (SmallFile.TryReadText("/sys/kernel/security/lsm") is { } all) yield return Say("active", all.Trim());
        bool appArmor = SmallFile.TryReadText("/sys/module/apparmor/parameters/enabled")?.StartsWith('Y') == true;
        yield return Say("AppArmor", appArmor ? $"on; this process: {SmallFile.TryReadText("/proc/self/attr/apparmor/current")?.Trim('\n', '\0') ?? "unknown"}" : "off");
        yield return Say("SELinux", SmallFile.TryReadText("/sys/fs/selinux/enforce") switch
        {
            null => "off",
            "0" => "permissive: it says what it would refuse",
            _ => $"enforcing; this process: {SmallFile.TryReadText("/proc/self/attr/current")?.Trim('\n', '\0') ?? "unknown"}",
        });
        if (NamespaceTrials.IsFiltered) yield return Say("seccomp", "a filter lies over littlebox itself, as in most containers");
    }

    private static Finding Say(string name, string detail) => new(Group, name, null, Weight.Used, detail);
}
