using System.Text;

namespace Littlebox.Oci;

/// <summary><c>hostname</c> and <c>domainname</c> (config.md; sethostname(2): 64 bytes).</summary>
internal static class NameCheck
{
    private const int Longest = 64;

    public static void Check(Spec spec)
    {
        bool owned = spec.Linux.Namespace(LinuxNamespaceType.Uts) is not null;
        CheckName(spec.Hostname, "/hostname", owned);
        CheckName(spec.Domainname, "/domainname", owned);
    }

    private static void CheckName(string? name, string pointer, bool owned)
    {
        if (string.IsNullOrEmpty(name)) return;
        if (!owned) throw Wrong.At(pointer, "a name without a uts namespace", "a namespace of type uts in /linux/namespaces: without it the name would be the host's");
        if (Encoding.UTF8.GetByteCount(name) > Longest) throw Wrong.At(pointer, $"{Encoding.UTF8.GetByteCount(name)} bytes", $"at most {Longest}");
    }
}
