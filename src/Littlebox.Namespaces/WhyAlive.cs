using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>Says in one sentence why a namespace is still alive.</summary>
public static class WhyAlive
{
    private const int Named = 3;

    /// <summary>The sentence.</summary>
    public static string Sentence(LiveNamespace space)
    {
        string name = space.Id.ToString();
        if (space.ProcessCount > 0)
        {
            string first = space.Leader is { } leader ? $"{leader.Pid} ({leader.Name})" : "?";
            return space.ProcessCount == 1
                ? $"{name} is alive because process {first} is in it{Rest(space)}."
                : $"{name} is alive because {space.ProcessCount} processes are in it, the first of them {first}{Rest(space)}.";
        }
        if (space.Holders.Count == 0) return $"{name} is alive for a reason that cannot be seen from here.";
        string dead = space.Kind is NamespaceFlags.Pid && space.Holders.All(holder => holder is not ChildrenHolder)
            ? " Its first process has ended, so that nothing can be started in it any more." : "";
        return $"{name} has no process in it and is alive only because of {List(space.Holders)}; it ends when {(space.Holders.Count == 1 ? "that does" : "all of them do")}.{dead}";
    }

    private static string Rest(LiveNamespace space)
    {
        List<Holder> others = [.. space.Holders.Where(holder => holder is not (ProcessHolder or OwnedHolder))];
        return others.Count == 0 ? "" : $"; without {(space.ProcessCount == 1 ? "it" : "them")} it would live on because of {List(others)}";
    }

    private static string List(IReadOnlyList<Holder> holders)
    {
        List<string> words = [.. holders.Take(holders.Count == Named + 1 ? Named + 1 : Named).Select(holder => holder.Describe())];
        if (holders.Count > words.Count) words.Add($"{holders.Count - words.Count} more holders");
        return words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} and {words[^1]}";
    }
}
