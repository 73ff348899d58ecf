using Littlebox.Linux;

namespace Littlebox.Engine;

/// <summary>The user namespace this process is in.</summary>
public static class UserNamespace
{
    /// <summary>Debian's switch: 1 lets ordinary users make user namespaces. Other kernels do not have it.</summary>
    internal const string CloneSwitch = "/proc/sys/kernel/unprivileged_userns_clone";

    /// <summary>Ubuntu's switch: 1 takes all rights from ordinary users in the user namespaces they make.</summary>
    internal const string AppArmorSwitch = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";

    /// <summary>
    /// True in the first user namespace of the machine: there, and only there, are all ids mapped to themselves (user_namespaces(7)). Elsewhere, in a
    /// container for instance, even root can make no device nodes.
    /// </summary>
    public static bool IsInitial
    {
        get
        {
            string[] fields = (SmallFile.TryReadText("/proc/self/uid_map") ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            return fields is ["0", "0", "4294967295"];
        }
    }
}
