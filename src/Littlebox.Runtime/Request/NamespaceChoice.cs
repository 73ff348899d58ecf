namespace Littlebox.Runtime.Request;

/// <summary>Where a container's namespace of one kind comes from.</summary>
public enum NamespaceSource
{
    /// <summary>A new one.</summary>
    Private,

    /// <summary>The one littlebox itself is in.</summary>
    Host,

    /// <summary>One that exists, by a file of nsfs: <c>/proc/PID/ns/net</c>, <c>/run/netns/NAME</c>.</summary>
    Path,
}

/// <summary>The choice for one kind of namespace.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Path">The file, for <see cref="NamespaceSource.Path"/>.</param>
public sealed record NamespaceChoice(NamespaceSource Source, string? Path = null)
{
    /// <summary>A new one.</summary>
    public static NamespaceChoice Private { get; } = new(NamespaceSource.Private);

    /// <summary>The host's.</summary>
    public static NamespaceChoice Host { get; } = new(NamespaceSource.Host);
}

/// <summary>The choices for all kinds. Mounts are always a new namespace: a container is made of them.</summary>
public sealed class NamespaceChoices
{
    /// <summary>Links, addresses, routes, ports.</summary>
    public NamespaceChoice Network { get; set; } = NamespaceChoice.Private;

    /// <summary>Process ids.</summary>
    public NamespaceChoice Pid { get; set; } = NamespaceChoice.Private;

    /// <summary>System V IPC and message queues.</summary>
    public NamespaceChoice Ipc { get; set; } = NamespaceChoice.Private;

    /// <summary>Host and domain name.</summary>
    public NamespaceChoice Uts { get; set; } = NamespaceChoice.Private;

    /// <summary>The root of the cgroup view.</summary>
    public NamespaceChoice CGroup { get; set; } = NamespaceChoice.Private;

    /// <summary>User and group ids.</summary>
    public NamespaceChoice User { get; set; } = NamespaceChoice.Host;

    /// <summary>Boot and monotonic clocks.</summary>
    public NamespaceChoice Time { get; set; } = NamespaceChoice.Host;
}
