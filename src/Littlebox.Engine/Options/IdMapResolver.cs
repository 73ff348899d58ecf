using System.Globalization;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime.Ids;

namespace Littlebox.Engine.Options;

/// <summary>Decides the id maps of a new user namespace.</summary>
public static class IdMapResolver
{
    // For root without subordinate ids of its own: a range above those that distributions hand out to users (100000 upwards, 65536 each).
    private const uint RootRange = 2_147_418_112, RangeSize = 65536;

    /// <summary>The maps.</summary>
    /// <param name="uidMap"><c>--uidmap</c>, may be empty.</param>
    /// <param name="gidMap"><c>--gidmap</c>; the same as the user ids' where it is empty.</param>
    public static IdMappings Resolve(IReadOnlyList<string> uidMap, IReadOnlyList<string> gidMap)
    {
        uint uid = Kernel.EffectiveUid, gid = Kernel.EffectiveGid;
        if (uidMap.Count > 0 || gidMap.Count > 0)
        {
            IReadOnlyList<IdRange> uids = uidMap.Count > 0 ? Parse("--uidmap", uidMap) : Parse("--gidmap", gidMap);
            IReadOnlyList<IdRange> gids = gidMap.Count > 0 ? Parse("--gidmap", gidMap) : uids;
            if (!uids.Any(static range => range.Inside == 0) || !gids.Any(static range => range.Inside == 0))
                throw new LittleboxException(ErrorKind.InvalidArgument, "--uidmap, --gidmap: id 0 of the container must be mapped, since its root builds the container", "valid form: INSIDE:OUTSIDE:COUNT, for instance 0:100000:65536");
            bool own = uids is [{ Count: 1 } onlyUid] && gids is [{ Count: 1 } onlyGid] && onlyUid.Outside == uid && onlyGid.Outside == gid;
            if (uid == 0 || own) return new IdMappings(uids, gids, ByHelper: false);
            string? user = SubordinateIds.NameOf(uid);
            CheckSubordinates(uidMap.Count > 0 ? "--uidmap" : "--gidmap", "/etc/subuid", uids, user, uid, uid);
            CheckSubordinates(gidMap.Count > 0 ? "--gidmap" : "--uidmap", "/etc/subgid", gids, user, uid, gid);
            return new IdMappings(uids, gids, ByHelper: true);
        }
        if (uid == 0)
        {
            (uint first, uint count) = RootSubordinates();
            IdRange range = new(0, first, count);
            return new IdMappings([range], [range], ByHelper: false);
        }
        string? name = SubordinateIds.NameOf(uid);
        (uint First, uint Count)[] subUids = [.. SubordinateIds.Of("/etc/subuid", name, uid)], subGids = [.. SubordinateIds.Of("/etc/subgid", name, uid)];
        bool helper = Programs.InPath("newuidmap") && Programs.InPath("newgidmap");
        if (subUids.Length == 0 || subGids.Length == 0 || !helper) return new IdMappings([new IdRange(0, uid, 1)], [new IdRange(0, gid, 1)], ByHelper: false);
        // Root inside is the user itself; the others follow from the subordinate ranges.
        return new IdMappings(Follow(uid, subUids), Follow(gid, subGids), ByHelper: true);
    }

    // newuidmap(1) would refuse them, but only when the child is there. Where other sources give ids as well (nsswitch.conf(5)), it alone knows.
    private static void CheckSubordinates(string field, string file, IReadOnlyList<IdRange> wanted, string? user, uint uid, uint own)
    {
        if (user is null || (SmallFile.TryReadText("/etc/nsswitch.conf") ?? "").Split('\n').Any(static line => line.TrimStart().StartsWith("subid:", StringComparison.Ordinal))) return;
        IReadOnlyList<(uint First, uint Count)> given = SubordinateIds.Of(file, user, uid);
        foreach (IdRange range in wanted)
        {
            if ((range.Count == 1 && range.Outside == own) || Covers(given, range)) continue;
            string theirs = given.Count == 0 ? "nothing" : string.Join(", ", given.Select(static one => $"{one.First} to {one.First + one.Count - 1}"));
            throw new LittleboxException(ErrorKind.InvalidArgument,
                $"{field}={range.Inside}:{range.Outside}:{range.Count}: an ordinary user may map ids of {file} only, and it gives {user} {theirs}; '{Remedies.SubordinateIds(user, range.Outside, range.Outside + range.Count - 1)}' gives these",
                given.Count == 0 ? $"valid form: {range.Inside}:{own}:1" : $"valid form: {range.Inside}:{given[0].First}:{Math.Min(range.Count, given[0].Count)}");
        }
    }

    // Ranges that adjoin count as one, as for newuidmap.
    private static bool Covers(IReadOnlyList<(uint First, uint Count)> given, IdRange range)
    {
        ulong next = range.Outside, end = (ulong)range.Outside + range.Count;
        while (next < end)
        {
            ulong from = next;
            foreach ((uint first, uint count) in given)
            {
                if (first <= from && from < (ulong)first + count) next = Math.Max(next, (ulong)first + count);
            }
            if (next == from) return false;
        }
        return true;
    }

    private static List<IdRange> Follow(uint own, (uint First, uint Count)[] subordinates)
    {
        var ranges = new List<IdRange> { new(0, own, 1) };
        uint inside = 1;
        foreach ((uint first, uint count) in subordinates)
        {
            ranges.Add(new IdRange(inside, first, count));
            inside += count;
        }
        return ranges;
    }

    private static (uint First, uint Count) RootSubordinates()
    {
        foreach (string owner in (ReadOnlySpan<string>)["littlebox", "containers", "root"])
        {
            IReadOnlyList<(uint First, uint Count)> uids = SubordinateIds.Of("/etc/subuid", owner, uint.MaxValue), gids = SubordinateIds.Of("/etc/subgid", owner, uint.MaxValue);
            if (uids.Count > 0 && gids.Count > 0 && uids[0] == gids[0]) return uids[0];
        }
        return (RootRange, RangeSize);
    }

    /// <summary>Reads a map; whether this user may have it is not looked at.</summary>
    /// <param name="field">The option, for errors.</param>
    /// <param name="texts">Its values: INSIDE:OUTSIDE:COUNT.</param>
    /// <exception cref="LittleboxException">One is no range, or two overlap.</exception>
    public static IReadOnlyList<IdRange> Parse(string field, IReadOnlyList<string> texts)
    {
        var ranges = new List<IdRange>();
        foreach (string text in texts)
        {
            string[] parts = text.Split(':');
            if (parts.Length != 3 || !Number(parts[0], out uint inside) || !Number(parts[1], out uint outside) || !Number(parts[2], out uint count) || count == 0
                || (ulong)inside + count > uint.MaxValue || (ulong)outside + count > uint.MaxValue)
                throw Texts.Refuse(field, text, "not a range of ids", "INSIDE:OUTSIDE:COUNT, for instance 0:100000:65536");
            foreach (IdRange other in ranges)
            {
                if (inside < (ulong)other.Inside + other.Count && other.Inside < (ulong)inside + count) throw Texts.Refuse(field, text, $"overlaps with {other.Inside}:{other.Outside}:{other.Count}", "ranges that do not overlap");
            }
            ranges.Add(new IdRange(inside, outside, count));
        }
        return ranges;
    }

    private static bool Number(string text, out uint value) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
