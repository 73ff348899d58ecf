namespace Littlebox.Oci;

/// <summary>The name of a sysctl (sysctl.d(5)), and which kind of namespace has it for itself.</summary>
public static class SysctlName
{
    /// <summary>What a container can have for itself, in words for errors.</summary>
    public const string Allowed = "net.*, fs.mqueue.*, user.*, kernel.msgmax, kernel.msgmnb, kernel.msgmni, kernel.sem, kernel.shm*, kernel.domainname";

    /// <summary>The path of a sysctl beneath /proc/sys. Whichever of dot and slash comes first divides the parts; the other belongs to a name, as in the address of a VLAN.</summary>
    public static string PathOf(string key)
    {
        int first = key.AsSpan().IndexOfAny('.', '/');
        if (first < 0 || key[first] == '/') return key;
        return string.Create(key.Length, key, static (span, text) =>
        {
            for (int i = 0; i < text.Length; i++) span[i] = text[i] switch { '.' => '/', '/' => '.', char other => other };
        });
    }

    /// <summary>The kind of namespace that has it for itself; <c>null</c> where it is the whole machine's.</summary>
    public static LinuxNamespaceType? OwnerOf(string key)
    {
        string path = PathOf(key);
        if (path.StartsWith("net/", StringComparison.Ordinal)) return LinuxNamespaceType.Network;
        if (path.StartsWith("fs/mqueue/", StringComparison.Ordinal)) return LinuxNamespaceType.Ipc;
        if (path.StartsWith("user/", StringComparison.Ordinal)) return LinuxNamespaceType.User;
        return path switch
        {
            "kernel/msgmax" or "kernel/msgmnb" or "kernel/msgmni" or "kernel/sem" or "kernel/shmall" or "kernel/shmmax" or "kernel/shmmni" or "kernel/shm_rmid_forced" => LinuxNamespaceType.Ipc,
            "kernel/domainname" => LinuxNamespaceType.Uts,
            _ => null,
        };
    }
}
