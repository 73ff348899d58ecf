namespace Littlebox.Plan;

/// <summary>The commands that mend what a machine lacks: hints of errors and <c>littlebox doctor</c> name the same ones.</summary>
public static class Remedies
{
    /// <summary>Lets ordinary users make user namespaces, where the kernel has Debian's switch.</summary>
    public const string UserNamespaces = "sysctl -w kernel.unprivileged_userns_clone=1";

    /// <summary>Leaves ordinary users their rights in user namespaces, where the kernel has Ubuntu's switch.</summary>
    public const string AppArmorUserNamespaces = "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";

    /// <summary>The helpers that map subordinate ids.</summary>
    public const string Uidmap = "apt-get install uidmap";

    /// <summary>For littlebox in a container of docker's or podman's, whose filter forbids namespaces.</summary>
    public const string WithoutFilter = "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined …";

    /// <summary>For root in a container that was given too few rights.</summary>
    public const string WithRights = "docker run --privileged …";

    /// <summary>Lets users make namespaces of one kind.</summary>
    /// <param name="kind">As in /proc/sys/user: <c>mnt</c>.</param>
    public static string MoreNamespaces(string kind) => $"sysctl -w user.max_{kind}_namespaces=65536";

    /// <summary>Gives a user subordinate ids.</summary>
    /// <param name="user">Whom.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="last">The last of them.</param>
    public static string SubordinateIds(string user, uint first = 100000, uint last = 165535) => $"usermod --add-subuids {first}-{last} --add-subgids {first}-{last} {user}";

    /// <summary>Brings a file system that is a module of the kernel.</summary>
    public static string Module(string type) => $"modprobe {type}";
}
