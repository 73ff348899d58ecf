namespace Littlebox.Cli.Completion;

/// <summary>The names of the running containers, for the shells.</summary>
internal static class ContainerNames
{
    /// <summary>The names, of this user's containers only. A TAB must neither fail nor take long: what cannot be read is left out.</summary>
    public static IReadOnlyList<string> Running() => [.. Runtime.State.StateStore.ForThisUser().Running().Select(static container => container.Name)];
}
