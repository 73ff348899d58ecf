using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// What is refused of <c>linux.sysctl</c> before anything is made: what is the host's is nobody's to set from a container, and one line is one value (CVE-2022-0811).
/// </summary>
internal static class OciSysctlChecks
{
    private static readonly string[] IpcNames = ["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"];

    /// <summary>Throws for the first sysctl that is not the container's own.</summary>
    public static void Check(Spec spec)
    {
        foreach ((string key, string value) in spec.Linux.Sysctl)
        {
            string pointer = $"/linux/sysctl/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            string path = PathOf(key);
            if (path.Split('/').Any(static part => part is "" or "." or "..") || key.Contains('\0', StringComparison.Ordinal)) throw Wrong(pointer, Strace.Quote(key), "a name beneath /proc/sys, with dots or slashes between its parts");
            if (value.AsSpan().TrimEnd('\n').IndexOfAny('\n', '\r', '\0') >= 0) throw Wrong(pointer, Strace.Quote(value), "one line");
            CheckOwner(spec.Linux, pointer, path.Replace('/', '.'));
        }
    }

    /// <summary>The path of a sysctl beneath /proc/sys. Whichever of dot and slash comes first divides the parts; the other belongs to a name, as in the address of a VLAN (sysctl.d(5)).</summary>
    public static string PathOf(string key)
    {
        int first = key.AsSpan().IndexOfAny('.', '/');
        if (first < 0 || key[first] == '/') return key;
        return string.Create(key.Length, key, static (span, text) =>
        {
            for (int i = 0; i < text.Length; i++) span[i] = text[i] switch { '.' => '/', '/' => '.', char other => other };
        });
    }

    private static void CheckOwner(LinuxSection linux, string pointer, string name)
    {
        LinuxNamespaceType? owner = name switch
        {
            _ when name.StartsWith("net.", StringComparison.Ordinal) => LinuxNamespaceType.Network,
            _ when name.StartsWith("fs.mqueue.", StringComparison.Ordinal) || Array.IndexOf(IpcNames, name) >= 0 => LinuxNamespaceType.Ipc,
            _ when name.StartsWith("user.", StringComparison.Ordinal) => LinuxNamespaceType.User,
            "kernel.domainname" => LinuxNamespaceType.Uts,
            "kernel.hostname" => throw Wrong(pointer, "kernel.hostname", "the name in /hostname, which has a field of its own"),
            _ => null,
        };
        if (owner is null) throw Wrong(pointer, "a sysctl that no namespace has of its own", $"net.*, fs.mqueue.*, user.*, kernel.domainname, {string.Join(", ", IpcNames)}");
        LinuxNamespace? found = linux.Namespace(owner.Value);
        if (found is null || found.Path is { } path && IsOurs(owner.Value, path))
            throw Wrong(pointer, $"{(found is null ? "no" : "the runtime's own")} namespace of type {OciNamespaceChecks.NameOf(owner.Value)}", "one of the container's in /linux/namespaces: without it the value would be the host's");
    }

    // By what the path leads to: another name for the host's namespace is still the host's.
    private static bool IsOurs(LinuxNamespaceType type, string path)
    {
        string file = type switch { LinuxNamespaceType.Network => "net", LinuxNamespaceType.Ipc => "ipc", LinuxNamespaceType.User => "user", _ => "uts" };
        return Kernel.TryStatx(Strace.CurrentDirectory, path, follow: true, out FileStatus theirs) >= 0
            && Kernel.TryStatx(Strace.CurrentDirectory, "/proc/self/ns/" + file, follow: true, out FileStatus ours) >= 0 && theirs.Identity == ours.Identity;
    }

    private static ConfigException Wrong(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);
}
