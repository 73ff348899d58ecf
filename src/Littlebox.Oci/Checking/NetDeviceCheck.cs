using System.Text;

namespace Littlebox.Oci;

/// <summary><c>linux.netDevices</c> (config-linux.md, Network Devices).</summary>
internal static class NetDeviceCheck
{
    // IFNAMSIZ without its NUL.
    private const int Longest = 15;
    private const string Allowed = "a name of 1 to 15 bytes without spaces, colons and slashes";

    public static void Check(LinuxSection linux)
    {
        if (linux.NetDevices.Count == 0) return;
        if (linux.Namespace(LinuxNamespaceType.Network) is null)
            throw Wrong.At("/linux/netDevices", "devices without a network namespace", "a namespace of type network in /linux/namespaces: without it they are there already");
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (LinuxNetDevice device in linux.NetDevices)
        {
            if (!IsName(device.HostName)) throw Wrong.AtKey("/linux/netDevices", device.HostName, "what can be no device", Allowed);
            if (device.Name is { } name && !IsName(name)) throw Wrong.At($"{JsonPointer.Join("/linux/netDevices", device.HostName)}/name", Quoted.Of(name), Allowed);
            string inside = device.Name ?? device.HostName;
            // Of a template the kernel makes another name each time.
            if (!inside.Contains('%') && !names.Add(inside)) throw Wrong.AtKey("/linux/netDevices", device.HostName, $"the name {Quoted.Of(inside)} a second time", "each name once");
        }
    }

    private static bool IsName(string name)
    {
        if (name is "" or "." or ".." || Encoding.UTF8.GetByteCount(name) > Longest) return false;
        foreach (char c in name)
        {
            if (c is '/' or ':' || char.IsWhiteSpace(c)) return false;
        }
        return true;
    }
}
