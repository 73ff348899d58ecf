using System.Globalization;

namespace Littlebox.Runtime.Ids;

/// <summary>One line of /proc/PID/uid_map (user_namespaces(7)).</summary>
/// <param name="Inside">First id inside the namespace.</param>
/// <param name="Outside">First id outside.</param>
/// <param name="Count">How many.</param>
public readonly record struct IdRange(uint Inside, uint Outside, uint Count)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inside} {Outside} {Count}");
}

/// <summary>The user and group id maps of a new user namespace.</summary>
/// <param name="Uids">Map of user ids.</param>
/// <param name="Gids">Map of group ids.</param>
/// <param name="ByHelper">Written by newuidmap(1) and newgidmap(1), which may map the subordinate ids of an ordinary user; else by ourselves.</param>
public sealed record IdMappings(IReadOnlyList<IdRange> Uids, IReadOnlyList<IdRange> Gids, bool ByHelper)
{
    /// <summary>True when one id only is mapped: then the kernel wants setgroups(2) denied first, and no other user exists inside.</summary>
    public bool Single => Uids.Count == 1 && Uids[0].Count == 1;

    /// <summary>True when the user id exists inside.</summary>
    public bool HasUid(uint uid) => Has(Uids, uid);

    /// <summary>True when the group id exists inside.</summary>
    public bool HasGid(uint gid) => Has(Gids, gid);

    private static bool Has(IReadOnlyList<IdRange> ranges, uint id) => ranges.Any(range => id >= range.Inside && id - range.Inside < range.Count);
}
