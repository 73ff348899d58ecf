using Littlebox.Linux;

namespace Littlebox.Plan.Stepping;

/// <summary>Compares two states of the kernel.</summary>
public static class StateDifference
{
    /// <summary>What appeared, what vanished, what changed; namespaces and host name first.</summary>
    /// <remarks>
    /// Within one mount namespace mounts are told apart by their ids, so that a move shows as one. In another namespace every mount is a copy with a new
    /// id, and only what is mounted where is compared.
    /// </remarks>
    public static IReadOnlyList<StateChange> Of(KernelState before, KernelState after)
    {
        var changes = new List<StateChange>();
        foreach ((NamespaceFlags kind, string name) in after.Namespaces)
        {
            if (before.Namespace(kind) is { } earlier && earlier != name) changes.Add(new StateChange(ChangeKind.Changed, $"{name[..name.IndexOf(':')]} namespace", earlier, name));
        }
        if (before.HostName is not null && after.HostName is not null && before.HostName != after.HostName)
            changes.Add(new StateChange(ChangeKind.Changed, "host name", before.HostName, after.HostName));
        if (before.Namespace(NamespaceFlags.Mount) == after.Namespace(NamespaceFlags.Mount)) MountsById(before.Mounts, after.Mounts, changes);
        else MountsByPlace(before.Mounts, after.Mounts, changes);
        // A child that has just been cloned differs from us in its numbers only; those are no step's doing.
        if (before.Pid == after.Pid)
        {
            Values(before.Facts, after.Facts, "", changes);
            Values(before.Descriptors, after.Descriptors, "descriptor ", changes);
        }
        return changes;
    }

    private static void MountsById(IReadOnlyList<MountEntry> before, IReadOnlyList<MountEntry> after, List<StateChange> changes)
    {
        Dictionary<int, MountEntry> old = before.ToDictionary(static entry => entry.Id), now = after.ToDictionary(static entry => entry.Id);
        // What came and went first: on a machine whose mounts are shared, a step that makes them private changes every one, and people are shown the first few.
        foreach (MountEntry entry in after)
        {
            if (!old.ContainsKey(entry.Id)) changes.Add(new StateChange(ChangeKind.Appeared, "mount", null, entry.ToString()));
        }
        foreach (MountEntry entry in before)
        {
            if (!now.ContainsKey(entry.Id)) changes.Add(new StateChange(ChangeKind.Vanished, "mount", entry.ToString(), null));
        }
        foreach (MountEntry entry in after)
        {
            if (!old.TryGetValue(entry.Id, out MountEntry? earlier)) continue;
            if (earlier.Place != entry.Place) changes.Add(new StateChange(ChangeKind.Changed, $"mount of {entry.Source}", earlier.Place, entry.Place));
            else if (earlier.Options != entry.Options) changes.Add(new StateChange(ChangeKind.Changed, $"mount at {entry.Place}", earlier.Options, entry.Options));
        }
    }

    private static void MountsByPlace(IReadOnlyList<MountEntry> before, IReadOnlyList<MountEntry> after, List<StateChange> changes)
    {
        var old = before.Select(static entry => entry with { Id = 0 }).ToHashSet();
        var now = after.Select(static entry => entry with { Id = 0 }).ToHashSet();
        foreach (MountEntry entry in old.Except(now)) changes.Add(new StateChange(ChangeKind.Vanished, "mount", entry.ToString(), null));
        foreach (MountEntry entry in now.Except(old)) changes.Add(new StateChange(ChangeKind.Appeared, "mount", null, entry.ToString()));
    }

    private static void Values(IReadOnlyList<(string Name, string Value)> before, IReadOnlyList<(string Name, string Value)> after, string prefix, List<StateChange> changes)
    {
        foreach ((string name, string value) in before)
        {
            string? now = Value(after, name);
            if (now is null) changes.Add(new StateChange(ChangeKind.Vanished, prefix + name, value, null));
            else if (now != value) changes.Add(new StateChange(ChangeKind.Changed, prefix + name, value, now));
        }
        foreach ((string name, string value) in after)
        {
            if (Value(before, name) is null) changes.Add(new StateChange(ChangeKind.Appeared, prefix + name, null, value));
        }
    }

    private static string? Value(IReadOnlyList<(string Name, string Value)> list, string name)
    {
        foreach ((string candidate, string value) in list)
        {
            if (candidate == name) return value;
        }
        return null;
    }
}
