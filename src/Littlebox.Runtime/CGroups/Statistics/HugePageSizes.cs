using System.Globalization;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.CGroups;

/// <summary>The sizes of huge pages that this kernel has, as the files of cgroups name them: <c>64KB</c>, <c>2MB</c>, <c>1GB</c>.</summary>
public static class HugePageSizes
{
    /// <summary>Reads /sys/kernel/mm/hugepages; empty where there is none.</summary>
    public static IReadOnlyList<string> Read()
    {
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, "/sys/kernel/mm/hugepages", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0) return [];
        using var directory = new Descriptor(opened);
        var sizes = new List<string>();
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(opened))
        {
            // hugepages-2048kB
            if (entry.Name.StartsWith("hugepages-", StringComparison.Ordinal) && entry.Name.EndsWith("kB", StringComparison.Ordinal)
                && long.TryParse(entry.Name.AsSpan(10, entry.Name.Length - 12), NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes)) sizes.Add(Name(kilobytes));
        }
        sizes.Sort(StringComparer.Ordinal);
        return sizes;
    }

    /// <summary>The name of a size in KiB.</summary>
    public static string Name(long kilobytes) => kilobytes >= 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{kilobytes >> 20}GB")
        : string.Create(CultureInfo.InvariantCulture, $"{(kilobytes >= 1 << 10 ? kilobytes >> 10 : kilobytes)}{(kilobytes >= 1 << 10 ? "MB" : "KB")}");
}
