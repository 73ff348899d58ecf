using Littlebox.Linux;

namespace Littlebox.Runtime.Oci;

/// <summary>Whether the caller is root of the machine, or an ordinary user, perhaps as root of a user namespace of his own.</summary>
public static class Rootless
{
    /// <summary>True where it is not root of the machine.</summary>
    public static bool IsIt() => Kernel.EffectiveUid != 0 || IsInUserNamespace(SmallFile.TryReadText("/proc/self/uid_map"));

    /// <summary>True where a uid_map (user_namespaces(7)) is not that of the machine itself, which maps all ids onto themselves.</summary>
    public static bool IsInUserNamespace(string? map) => map?.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is not (null or ["0", "0", "4294967295"]);
}
