namespace Littlebox.Oci;

/// <summary><c>linux.namespaces</c> and <c>linux.timeOffsets</c> (config-linux.md, Namespaces, Offset for Time Namespace).</summary>
internal static class NamespaceCheck
{
    public static void Check(Spec spec)
    {
        LinuxSection linux = spec.Linux;
        uint seen = 0;
        for (int i = 0; i < linux.Namespaces.Count; i++)
        {
            LinuxNamespace entry = linux.Namespaces[i];
            int index = i;
            if ((seen & 1U << (int)entry.Type) != 0) throw Wrong.At($"/linux/namespaces/{i}/type", $"{Quoted.Of(Words.Namespaces[(int)entry.Type])} a second time", "each type once");
            seen |= 1U << (int)entry.Type;
            if (entry.Path is { } path) Wrong.UnlessAbsolute(path, () => $"/linux/namespaces/{index}/path");
        }
        if (linux.Namespace(LinuxNamespaceType.Mount) is null && linux.Namespace(LinuxNamespaceType.User) is not null)
            throw Wrong.At("/linux/namespaces", "a user namespace and no mount namespace", "both: root of a user namespace has no rights over the runtime's mount namespace");
        CheckOffsets(linux);
    }

    private static void CheckOffsets(LinuxSection linux)
    {
        foreach (LinuxTimeOffset offset in linux.TimeOffsets)
        {
            if (offset.Clock is not ("monotonic" or "boottime")) throw Wrong.AtKey("/linux/timeOffsets", offset.Clock, "a clock that has no offset", "monotonic or boottime");
            if (offset.Nanosecs > 999_999_999) throw Wrong.At($"/linux/timeOffsets/{offset.Clock}/nanosecs", $"{offset.Nanosecs}", "0 to 999999999");
            // The kernel keeps times in 64 bits of nanoseconds, and half of that for each sign (proc_timens_set_offset).
            if (offset.Secs is < -4_611_686_018 or > 4_611_686_018) throw Wrong.At($"/linux/timeOffsets/{offset.Clock}/secs", $"{offset.Secs}", "-4611686018 to 4611686018");
        }
        if (linux.TimeOffsets.Count > 0 && linux.Namespace(LinuxNamespaceType.Time) is not { Path: null })
            throw Wrong.At("/linux/timeOffsets", "offsets without a new time namespace", "a namespace of type time, without a path, in /linux/namespaces");
    }
}
