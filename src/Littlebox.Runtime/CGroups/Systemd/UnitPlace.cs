using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Which unit a container is, from <c>linux.cgroupsPath</c> as engines write it for systemd: <c>slice:prefix:name</c> is <c>prefix-name.scope</c> in that slice
/// (runc, docs/systemd.md).
/// </summary>
/// <param name="Slice">The slice: <c>machine.slice</c>; <c>-.slice</c> is the root of all.</param>
/// <param name="Unit">The scope: <c>libpod-0123.scope</c>.</param>
public sealed record UnitPlace(string Slice, string Unit)
{
    private const string Pointer = "/linux/cgroupsPath", Scope = ".scope", SliceSuffix = ".slice";
    // systemd, unit-name.c: with the NUL it has 256.
    private const int LongestName = 255;

    /// <summary>Reads the value.</summary>
    /// <param name="cgroupsPath">The value; <c>null</c> or empty where there is none: then <c>littlebox-ID.scope</c> in the default slice.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="instance">Whose systemd it is: that decides about the default slice, <c>system.slice</c> or <c>user.slice</c>.</param>
    /// <exception cref="LittleboxException">It is not of that form, or names what cannot be a container's unit.</exception>
    public static UnitPlace Parse(string? cgroupsPath, string id, SystemdInstance instance)
    {
        bool isNamed = !string.IsNullOrEmpty(cgroupsPath);
        // An id may have a plus, the name of a unit may not (systemd-escape(1)).
        string[] parts = isNamed ? cgroupsPath!.Split(':') : ["", "littlebox", id.Replace("+", "\\x2b")];
        if (parts.Length != 3) throw Refuse($"is “{cgroupsPath}”; with --systemd-cgroup it is SLICE:PREFIX:NAME, such as system.slice:littlebox:{id}");
        string slice = parts[0] switch { "" => instance is SystemdInstance.User ? "user.slice" : "system.slice", "-" => "-.slice", var given => given };
        if (parts[2].EndsWith(SliceSuffix, StringComparison.Ordinal)) throw Refuse($"names the slice {parts[2]}: a container is a scope, and slices hold no processes");
        string unit = $"{parts[1]}-{parts[2]}{Scope}";
        Expand(slice);
        if (!IsName(unit) || parts[1].Length + parts[2].Length == 0) throw Refuse($"comes to the unit “{unit}”: a name of letters, digits and : - _ . \\ @, {LongestName} at most");
        return new UnitPlace(slice, unit);
    }

    /// <summary>The cgroup, beneath that of its systemd: <c>a.slice/a-b.slice/x.scope</c>.</summary>
    public string CGroup => string.Concat(Expand(Slice).Select(static slice => Escape(slice) + "/")) + Escape(Unit);

    /// <summary>The slices that a slice is in, and itself: <c>a-b.slice</c> is in <c>a.slice</c> (systemd.slice(5)). None for <c>-.slice</c>.</summary>
    /// <exception cref="LittleboxException">It is no slice.</exception>
    public static IReadOnlyList<string> Expand(string slice)
    {
        if (slice == "-.slice") return [];
        string name = slice.EndsWith(SliceSuffix, StringComparison.Ordinal) ? slice[..^SliceSuffix.Length] : "";
        string[] parts = name.Split('-');
        if (!IsName(slice) || parts.Any(static part => part.Length == 0)) throw Refuse($"names the slice “{slice}”: NAME.slice, where a-b.slice lies in a.slice, without / and without empty parts");
        return [.. parts.Select((_, index) => string.Join('-', parts[..(index + 1)]) + SliceSuffix)];
    }

    private static bool IsName(string name)
    {
        bool good = name.Length is > 0 and <= LongestName;
        foreach (char c in name) good &= char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@';
        return good;
    }

    // systemd puts a line in front of what could be taken for a file of the kernel's (cgroup-util.c, cg_escape): cgroup.procs, memory.max.
    private static string Escape(string unit)
    {
        int dot = unit.IndexOf('.');
        bool isFile = unit[0] is '_' or '.' || unit[..dot] is "cgroup" or "cpu" or "cpuacct" or "cpuset" or "io" or "blkio" or "memory" or "devices" or "pids";
        return isFile ? "_" + unit : unit;
    }

    private static LittleboxException Refuse(string what) => new(ErrorKind.InvalidArgument, $"config.json: {Pointer} {what}");
}
