using System.Globalization;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// Capabilities by name, as a document has them, and which of them there are to give: "any value which cannot be mapped to a relevant kernel interface, or cannot be granted otherwise MUST be logged
/// as a warning" (config.md, Linux Process). Nobody can give what he does not have himself, and nothing is inheritable that the bounding set lacks (capabilities(7)).
/// </summary>
public static class OciCapabilities
{
    /// <summary>The process with those of its capabilities that it can be given.</summary>
    /// <param name="process">The process as the document has it.</param>
    /// <param name="linux">The document's part <c>linux</c>: in a user namespace there are all of them.</param>
    /// <param name="left">Gets the names that are left out.</param>
    public static Process Granted(Process process, LinuxSection linux, out IReadOnlyList<string> left)
    {
        left = [];
        if (process.Capabilities is not { } sets) return process;
        bool all = linux.Namespace(LinuxNamespaceType.User) is not null;
        ulong own = all ? ulong.MaxValue : Kernel.PermittedCapabilities;
        ulong bounding = all || Within(sets.Bounding, own) ? ulong.MaxValue : OwnBounding();
        ulong inheritable = own & Bits(sets.Inheritable) & Bits(sets.Bounding);
        if (Within(sets.Bounding, bounding) && Within(sets.Effective, own) && Within(sets.Permitted, own) && Within(sets.Inheritable, inheritable) && Within(sets.Ambient, inheritable & Bits(sets.Permitted))) return process;
        var names = new List<string>();
        process = process with
        {
            Capabilities = new LinuxCapabilities
            {
                Bounding = Only(sets.Bounding, bounding, names),
                Effective = Only(sets.Effective, own, names),
                Permitted = Only(sets.Permitted, own, names),
                Inheritable = Only(sets.Inheritable, inheritable, names),
                Ambient = Only(sets.Ambient, inheritable & Bits(sets.Permitted), names),
            },
        };
        left = names;
        return process;
    }

    /// <summary>The names that are known, one bit for each by its number.</summary>
    public static ulong Bits(IReadOnlyList<string>? names)
    {
        ulong bits = 0;
        for (int i = 0; i < (names?.Count ?? 0); i++)
        {
            if (CapabilitySet.TryNumberOf(names![i]) is { } number) bits |= 1UL << number;
        }
        return bits;
    }

    private static bool Within(IReadOnlyList<string> names, ulong given)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (!Holds(given, names[i])) return false;
        }
        return true;
    }

    private static string[] Only(IReadOnlyList<string> names, ulong given, List<string> left)
    {
        foreach (string name in names)
        {
            if (!Holds(given, name) && !left.Contains(name)) left.Add(name);
        }
        return [.. names.Where(name => Holds(given, name))];
    }

    private static bool Holds(ulong given, string name) => CapabilitySet.TryNumberOf(name) is { } number && (given & 1UL << number) != 0;

    private static ulong OwnBounding()
    {
        foreach (ReadOnlySpan<char> line in (SmallFile.TryReadText("/proc/self/status") ?? "").AsSpan().EnumerateLines())
        {
            if (line.StartsWith("CapBnd:\t", StringComparison.Ordinal) && ulong.TryParse(line["CapBnd:\t".Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong set)) return set;
        }
        return ulong.MaxValue;
    }
}
