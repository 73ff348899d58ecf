using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>Capabilities by name, as a document has them.</summary>
public static class OciCapabilities
{
    /// <summary>Names that a process has and that this code does not know: they are left out, and worth a warning (config.md, Linux Process).</summary>
    public static IReadOnlyList<string> Unknown(Process process)
    {
        if (process.Capabilities is not { } sets) return [];
        var unknown = new List<string>();
        foreach (IReadOnlyList<string> set in (IReadOnlyList<string>[])[sets.Bounding, sets.Effective, sets.Inheritable, sets.Permitted, sets.Ambient])
        {
            foreach (string name in set)
            {
                if (CapabilitySet.TryNumberOf(name) is null && !unknown.Contains(name)) unknown.Add(name);
            }
        }
        return unknown;
    }
}
