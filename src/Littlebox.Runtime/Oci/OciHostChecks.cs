using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>What is wrong with a document on this machine: checked before anything is made, and said with the place in the document.</summary>
public static class OciHostChecks
{
    /// <summary>Checks.</summary>
    /// <param name="spec">The document, which makes sense by itself.</param>
    /// <param name="bundle">Absolute path of the bundle.</param>
    /// <exception cref="ConfigException">The first part that is wrong.</exception>
    public static void Check(Spec spec, string bundle)
    {
        CheckRoot(Path.GetFullPath(spec.Root.Path, bundle));
        if (spec.Process?.Capabilities is { } capabilities) CheckCapabilities(capabilities);
        CheckOwners(spec.Linux);
    }

    private static void CheckRoot(string root)
    {
        int result = Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, root, follow: true, out FileStatus status);
        if (result >= 0 && status.IsDirectory) return;
        string found = result < 0 ? $"{root}, which cannot be opened ({Kernel.ErrorOf(result).Describe()})" : $"{root}, which is no directory";
        throw Wrong("/root/path", found, "a directory: the root file system, relative to the bundle or absolute");
    }

    // capset(2) refuses it. Names that are not known have been warned about, and count for nothing.
    private static void CheckCapabilities(LinuxCapabilities sets)
    {
        for (int i = 0; i < sets.Effective.Count; i++)
        {
            string name = sets.Effective[i];
            if (CapabilitySet.TryNumberOf(name) is not null && !Holds(sets.Permitted, name))
                throw Wrong($"/process/capabilities/effective/{i}", $"{name}, which is not permitted", "what /process/capabilities/permitted holds too");
        }
    }

    private static bool Holds(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name) return true;
        }
        return false;
    }

    // A namespace that is given by its path may be the host's own, by whatever name: then a sysctl would be the host's.
    private static void CheckOwners(LinuxSection linux)
    {
        foreach ((string key, _) in linux.Sysctl)
        {
            if (SysctlName.OwnerOf(key) is not { } owner || linux.Namespace(owner) is not { Path: { } path }) continue;
            string own = owner switch { LinuxNamespaceType.Network => "net", LinuxNamespaceType.Ipc => "ipc", LinuxNamespaceType.User => "user", _ => "uts" };
            if (Identity(path) is { } there && there == Identity("/proc/self/ns/" + own))
                throw Wrong(JsonPointer.Join("/linux/sysctl", key), $"{path}, the runtime's own namespace, as the one it belongs to", "one of the container's in /linux/namespaces: without it the value would be the host's");
        }
    }

    private static (ulong, ulong)? Identity(string path) =>
        Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, path, follow: true, out FileStatus status) < 0 ? null : status.Identity;

    private static ConfigException Wrong(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);
}
