namespace Littlebox.Oci;

/// <summary><c>linux.sysctl</c>: what a namespace of the container has for itself, one line each (CVE-2022-0811).</summary>
internal static class SysctlCheck
{
    private const string Allowed = "net.*, fs.mqueue.*, kernel.msgmax, kernel.msgmnb, kernel.msgmni, kernel.sem, kernel.shm*, kernel.domainname";

    public static void Check(LinuxSection linux)
    {
        foreach ((string key, string value) in linux.Sysctl)
        {
            if (key.Length == 0 || key[0] is '.' or '/' || key[^1] is '.' or '/' || key.Contains("..", StringComparison.Ordinal) || key.Contains("//", StringComparison.Ordinal))
                throw Bad(key, $"the name {Quoted.Of(key)}", "a name beneath /proc/sys, such as net.ipv4.ip_forward");
            if (value.AsSpan().TrimEnd('\n').IndexOfAny('\n', '\r') >= 0) throw Bad(key, Quoted.Of(value), "one line");
            LinuxNamespaceType owner = Owner(key.Replace('/', '.')) ?? throw Bad(key, "a sysctl that no namespace has for itself", Allowed);
            if (linux.Namespace(owner) is null)
                throw Bad(key, $"no namespace of type {Words.Namespaces[(int)owner]}", "such a namespace in /linux/namespaces: without it the value would be the host's");
        }
    }

    private static LinuxNamespaceType? Owner(string name) => name switch
    {
        _ when name.StartsWith("net.", StringComparison.Ordinal) => LinuxNamespaceType.Network,
        _ when name.StartsWith("fs.mqueue.", StringComparison.Ordinal) => LinuxNamespaceType.Ipc,
        "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall" or "kernel.shmmax" or "kernel.shmmni" or "kernel.shm_rmid_forced" => LinuxNamespaceType.Ipc,
        "kernel.domainname" => LinuxNamespaceType.Uts,
        _ => null,
    };

    private static ConfigException Bad(string key, string found, string allowed) => Wrong.AtKey("/linux/sysctl", key, found, allowed);
}
