namespace Littlebox.Oci;

/// <summary><c>uidMappings</c> and <c>gidMappings</c>, of the container and of mounts (config-linux.md, User namespace mappings; user_namespaces(7)).</summary>
internal static class IdMappingCheck
{
    // What the kernel takes in one map since 4.15 (UID_GID_MAP_MAX_EXTENTS).
    private const int MostRanges = 340;

    public static void Check(Spec spec)
    {
        LinuxSection linux = spec.Linux;
        LinuxNamespace? user = linux.Namespace(LinuxNamespaceType.User);
        CheckSide(linux.UidMappings, "/linux/uidMappings", user);
        CheckSide(linux.GidMappings, "/linux/gidMappings", user);
    }

    /// <summary>Ranges of one map: not empty, within 32 bits, and no id twice on either side.</summary>
    public static void CheckRanges(IReadOnlyList<LinuxIdMapping> ranges, string pointer)
    {
        if (ranges.Count > MostRanges) throw Wrong.At(pointer, $"{ranges.Count} ranges", $"at most {MostRanges}");
        for (int i = 0; i < ranges.Count; i++)
        {
            LinuxIdMapping range = ranges[i];
            if (range.Size == 0) throw Wrong.At($"{pointer}/{i}/size", "0", "at least 1");
            if ((ulong)range.ContainerId + range.Size > uint.MaxValue) throw Wrong.At($"{pointer}/{i}/containerID", $"{range.ContainerId} with a size of {range.Size}", "ids up to 4294967294");
            if ((ulong)range.HostId + range.Size > uint.MaxValue) throw Wrong.At($"{pointer}/{i}/hostID", $"{range.HostId} with a size of {range.Size}", "ids up to 4294967294");
            for (int j = 0; j < i; j++)
            {
                if (Overlap(ranges[j].ContainerId, ranges[j].Size, range.ContainerId, range.Size))
                    throw Wrong.At($"{pointer}/{i}/containerID", $"{range.ContainerId} to {range.ContainerId + range.Size - 1}, of which ids are in {pointer}/{j} too", "each id of the container once");
                if (Overlap(ranges[j].HostId, ranges[j].Size, range.HostId, range.Size))
                    throw Wrong.At($"{pointer}/{i}/hostID", $"{range.HostId} to {range.HostId + range.Size - 1}, of which ids are in {pointer}/{j} too", "each id of the host once");
            }
        }
    }

    /// <summary>Whether an id of the container is mapped.</summary>
    public static bool Has(IReadOnlyList<LinuxIdMapping> ranges, uint id)
    {
        for (int i = 0; i < ranges.Count; i++)
        {
            if (id >= ranges[i].ContainerId && id - ranges[i].ContainerId < ranges[i].Size) return true;
        }
        return false;
    }

    private static void CheckSide(IReadOnlyList<LinuxIdMapping> ranges, string pointer, LinuxNamespace? user)
    {
        CheckRanges(ranges, pointer);
        if (ranges.Count > 0 && user is null) throw Wrong.At(pointer, "mappings without a user namespace", "a namespace of type user in /linux/namespaces");
        if (ranges.Count > 0 && user is { Path: not null }) throw Wrong.At(pointer, "mappings for a user namespace that exists already and has its own", "either a path or mappings");
        if (user is not { Path: null }) return;
        if (ranges.Count == 0) throw Wrong.At(pointer, "nothing", "mappings, since /linux/namespaces has a new user namespace");
        if (!Has(ranges, 0)) throw Wrong.At(pointer, "no mapping of containerID 0", "one that holds it: the container is furnished by its root");
    }

    private static bool Overlap(uint first, uint size, uint otherFirst, uint otherSize) => first < (ulong)otherFirst + otherSize && otherFirst < (ulong)first + size;
}
