using Littlebox.Engine.Options;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime.Ids;

namespace Littlebox.Engine.Doctor;

/// <summary>Which ids a container of this user has: its subordinate ranges, and the helpers that may map them; the maps are really written, for a child.</summary>
internal static class UserIdTrials
{
    private const string Group = "user ids";

    public static IEnumerable<Finding> Find()
    {
        IdMappings maps = IdMapResolver.Resolve([], []);
        Finding mapping = Mapping(maps);
        if (Kernel.EffectiveUid == 0)
        {
            yield return mapping;
            yield break;
        }
        string? name = SubordinateIds.NameOf(Kernel.EffectiveUid);
        string user = name ?? "USER";
        foreach (string file in (string[])["subuid", "subgid"])
        {
            IReadOnlyList<(uint First, uint Count)> ranges = SubordinateIds.Of("/etc/" + file, name, Kernel.EffectiveUid);
            yield return new Finding(Group, file, ranges.Count > 0, Weight.Used,
                ranges.Count > 0 ? string.Join(", ", ranges.Select(static range => $"{range.Count} ids from {range.First}")) : $"/etc/{file} has no line for {name ?? "this user"}: a container has no user but root")
            {
                Remedy = ranges.Count > 0 ? null : Remedies.SubordinateIds(user),
            };
        }
        foreach (string helper in (string[])["newuidmap", "newgidmap"])
        {
            bool there = Programs.InPath(helper);
            yield return new Finding(Group, helper, there, Weight.Used, there ? "installed" : "not in any directory of PATH") { Remedy = there ? null : Remedies.Uidmap };
        }
        yield return mapping;
    }

    private static Finding Mapping(IdMappings maps)
    {
        string good = maps.Single ? $"id 0 inside is {maps.Uids[0].Outside} outside, and there is no other" : string.Join(", ", maps.Uids.Select(static range => range.Count == 1 ? $"id {range.Inside} inside is {range.Outside} outside" : $"ids {range.Inside} to {range.Inside + range.Count - 1} inside are {range.Outside} to {range.Outside + range.Count - 1} outside"));
        try
        {
            TrialResult result = Trial.Run(NamespaceFlags.User, static _ => { }, maps: maps);
            return Finding.Of(Group, "mapping", Kernel.EffectiveUid == 0 ? Weight.Used : Weight.Needed, result, good);
        }
        catch (LittleboxException failure)
        {
            return new Finding(Group, "mapping", false, Weight.Needed, string.Join("; ", failure.Details.Prepend(failure.Message)));
        }
    }
}
