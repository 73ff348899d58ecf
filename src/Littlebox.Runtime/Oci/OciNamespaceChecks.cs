using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>What is refused of namespaces, mappings of ids and clocks before anything is made (config-linux.md, Namespaces).</summary>
internal static class OciNamespaceChecks
{
    // user_namespaces(7): up to 340 lines since Linux 4.15.
    private const int MostMappings = 340;

    /// <summary>Throws for the first part that cannot be done as it is written.</summary>
    public static void Check(Spec spec)
    {
        LinuxSection linux = spec.Linux;
        for (int i = 0; i < linux.Namespaces.Count; i++)
        {
            LinuxNamespace candidate = linux.Namespaces[i];
            if (!ReferenceEquals(linux.Namespace(candidate.Type), candidate)) throw Wrong($"/linux/namespaces/{i}/type", $"a second namespace of type {NameOf(candidate.Type)}", "one of each type");
            if (candidate.Path is { } path && !path.StartsWith('/')) throw Wrong($"/linux/namespaces/{i}/path", Strace.Quote(path), "an absolute path");
        }
        if (linux.Namespace(LinuxNamespaceType.Mount) is null) throw Wrong("/linux/namespaces", "no mount namespace", "one of type mount: without it the container's mounts would be the host's");
        if (linux.Namespace(LinuxNamespaceType.Uts) is null)
        {
            if (spec.Hostname is { Length: > 0 }) throw Wrong("/hostname", "a name without a uts namespace", "a namespace of type uts: without it the name would be the host's");
            if (spec.Domainname is { Length: > 0 }) throw Wrong("/domainname", "a name without a uts namespace", "a namespace of type uts: without it the name would be the host's");
        }
        CheckUser(linux);
        CheckClocks(linux);
    }

    /// <summary>Throws for a mapping of ids that the kernel would not take.</summary>
    public static void CheckMappings(IReadOnlyList<LinuxIdMapping> mappings, string pointer)
    {
        if (mappings.Count > MostMappings) throw Wrong(pointer, $"{mappings.Count} mappings", $"{MostMappings} at most, as the kernel takes them");
        for (int i = 0; i < mappings.Count; i++)
        {
            LinuxIdMapping mapping = mappings[i];
            if (mapping.Size == 0) throw Wrong($"{pointer}/{i}/size", "0", "at least 1");
            // 4294967295 is (uid_t)-1, which is no id.
            if ((ulong)mapping.ContainerId + mapping.Size > uint.MaxValue) throw Wrong($"{pointer}/{i}/size", $"{mapping.ContainerId} + {mapping.Size}", "ids up to 4294967294");
            if ((ulong)mapping.HostId + mapping.Size > uint.MaxValue) throw Wrong($"{pointer}/{i}/size", $"{mapping.HostId} + {mapping.Size}", "ids up to 4294967294");
            for (int k = 0; k < i; k++)
            {
                if (Overlap(mapping.ContainerId, mapping.Size, mappings[k].ContainerId, mappings[k].Size) || Overlap(mapping.HostId, mapping.Size, mappings[k].HostId, mappings[k].Size))
                    throw Wrong($"{pointer}/{i}", $"ids that mapping {k} has already", "mappings that do not overlap");
            }
        }
    }

    /// <summary>The word of the document for a type.</summary>
    public static string NameOf(LinuxNamespaceType type) => type.ToString().ToLowerInvariant();

    private static void CheckUser(LinuxSection linux)
    {
        bool mapped = linux.UidMappings.Count > 0 || linux.GidMappings.Count > 0;
        switch (linux.Namespace(LinuxNamespaceType.User))
        {
            case null when mapped:
                throw Wrong(linux.UidMappings.Count > 0 ? "/linux/uidMappings" : "/linux/gidMappings", "mappings without a user namespace", "a namespace of type user in /linux/namespaces, or no mappings");
            case { Path: not null } when mapped:
                throw Wrong(linux.UidMappings.Count > 0 ? "/linux/uidMappings" : "/linux/gidMappings", "mappings for a user namespace that exists already and has its own", "either a path or mappings");
            case { Path: null } when linux.UidMappings.Count == 0 || linux.GidMappings.Count == 0:
                throw Wrong(linux.UidMappings.Count == 0 ? "/linux/uidMappings" : "/linux/gidMappings", "nothing", "mappings of user ids and of group ids for the new user namespace: without them it has no root");
        }
        CheckMappings(linux.UidMappings, "/linux/uidMappings");
        CheckMappings(linux.GidMappings, "/linux/gidMappings");
        foreach ((IReadOnlyList<LinuxIdMapping> mappings, string pointer) in new[] { (linux.UidMappings, "/linux/uidMappings"), (linux.GidMappings, "/linux/gidMappings") })
        {
            if (mappings.Count > 0 && !mappings.Any(static mapping => mapping.ContainerId == 0)) throw Wrong(pointer, "no mapping of id 0", "one with containerID 0: the container is made by its root");
        }
    }

    private static void CheckClocks(LinuxSection linux)
    {
        if (linux.TimeOffsets.Count == 0) return;
        if (linux.Namespace(LinuxNamespaceType.Time) is not { } time) throw Wrong("/linux/timeOffsets", "offsets without a time namespace", "a namespace of type time in /linux/namespaces");
        if (time.Path is not null) throw Wrong("/linux/timeOffsets", "offsets for a time namespace that exists already and has its own", "either a path or offsets");
        foreach (LinuxTimeOffset offset in linux.TimeOffsets)
        {
            if (offset.Clock is not ("monotonic" or "boottime")) throw Wrong($"/linux/timeOffsets/{offset.Clock.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", Strace.Quote(offset.Clock), "monotonic, boottime");
            if (offset.Nanosecs > 999_999_999) throw Wrong($"/linux/timeOffsets/{offset.Clock}/nanosecs", offset.Nanosecs.ToString(System.Globalization.CultureInfo.InvariantCulture), "0 to 999999999");
        }
    }

    private static bool Overlap(uint first, uint size, uint other, uint otherSize) => first < (ulong)other + otherSize && other < (ulong)first + size;

    private static ConfigException Wrong(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);
}
