namespace Littlebox.Oci;

/// <summary><c>linux.sysctl</c>: what a namespace of the container has for itself, one line each (CVE-2022-0811).</summary>
internal static class SysctlCheck
{
    public static void Check(LinuxSection linux)
    {
        foreach ((string key, string value) in linux.Sysctl)
        {
            string path = SysctlName.PathOf(key);
            if (path.Split('/').Any(static part => part is "" or "." or "..")) throw Bad(key, $"the name {Quoted.Of(key)}", "a name beneath /proc/sys, such as net.ipv4.ip_forward");
            if (value.AsSpan().TrimEnd('\n').IndexOfAny('\n', '\r') >= 0) throw Bad(key, Quoted.Of(value), "one line");
            if (path == "kernel/hostname") throw Bad(key, "kernel.hostname", "the name in /hostname, which has a field of its own");
            LinuxNamespaceType owner = SysctlName.OwnerOf(key) ?? throw Bad(key, "a sysctl that no namespace has for itself", SysctlName.Allowed);
            if (linux.Namespace(owner) is null)
                throw Bad(key, $"no namespace of type {Words.Namespaces[(int)owner]}", "such a namespace in /linux/namespaces: without it the value would be the host's");
        }
    }

    private static ConfigException Bad(string key, string found, string allowed) => Wrong.AtKey("/linux/sysctl", key, found, allowed);
}
