using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Ids;

namespace Littlebox.Runtime.Oci;

/// <summary>The mappings of config.json as the kernel takes them.</summary>
internal static class OciIdMaps
{
    /// <summary>The maps of a new user namespace; those of ordinary users are written by newuidmap(1) where they have more than their own id.</summary>
    public static IdMappings Of(IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids) => new(
        [.. uids.Select(static range => new IdRange(range.ContainerId, range.HostId, range.Size))],
        [.. gids.Select(static range => new IdRange(range.ContainerId, range.HostId, range.Size))],
        ByHelper: Kernel.EffectiveUid != 0 && (uids.Count > 1 || uids is [{ Size: > 1 }]));

    /// <summary>True when a group of the container is one of the machine's too.</summary>
    public static bool HasGid(IReadOnlyList<LinuxIdMapping> gids, uint gid) => gids.Any(range => gid >= range.ContainerId && gid - range.ContainerId < range.Size);
}
