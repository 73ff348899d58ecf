using Littlebox.Runtime.Ids;
using Littlebox.Runtime.Users;

namespace Littlebox.Runtime.Request;

/// <summary>
/// All that is wanted of a container, checked and resolved: names of users are numbers, paths are absolute, nothing of it is looked up again.
/// From it the planner makes the plan.
/// </summary>
public sealed class ContainerRequest
{
    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>A directory of the host that belongs to this container alone; what is made in the container's mount namespace is mounted over it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The root.</summary>
    public required RootSource Root { get; init; }

    /// <summary>Make the root read-only (mounts on it are not).</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>The host name; at most 64 bytes.</summary>
    public required string HostName { get; init; }

    /// <summary>The namespaces.</summary>
    public required NamespaceChoices Namespaces { get; init; }

    /// <summary>The id maps, where there is a new user namespace.</summary>
    public IdMappings? Mappings { get; init; }

    /// <summary>The command and its arguments; never empty.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The environment, <c>NAME=VALUE</c>.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The working directory, absolute; made where it is missing.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>User, group and supplementary groups.</summary>
    public UserIds User { get; init; } = UserIds.Root;

    /// <summary>Mounts the user asked for, in their order.</summary>
    public IReadOnlyList<MountRequest> Mounts { get; init; } = [];

    /// <summary>True where one of the mounts stays shared with the host.</summary>
    public bool HasSharedMounts => Mounts.Any(static mount => mount.IsShared);

    /// <summary>The capabilities the container may ever have: one bit for each, by its number.</summary>
    public ulong Capabilities { get; init; } = CapabilitySet.Default;

    /// <summary>Nothing of /proc and /sys is masked or read-only.</summary>
    public bool Unmasked { get; init; }

    /// <summary>A small first process that reaps orphans and forwards signals.</summary>
    public bool Init { get; init; }

    /// <summary>A terminal of its own.</summary>
    public bool Terminal { get; init; }

    /// <summary>Standard input stays open; else it is /dev/null.</summary>
    public bool KeepInput { get; init; }

    /// <summary>Lines for /etc/resolv.conf, or <c>null</c> to leave the root's file.</summary>
    public string? ResolvConf { get; init; }

    /// <summary>Where the three files of <c>/etc</c> are mounted in the root, links followed: host name, hosts, name servers.</summary>
    public IReadOnlyList<string> NetworkFiles { get; init; } = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

    /// <summary>The root is owned as the container's user namespace has it, by an idmapped mount (Linux 5.12).</summary>
    public bool IdMappedRoot { get; init; }

    /// <summary>
    /// The container's root is another id of the host than the one littlebox runs as: then it may not search what only that one may, and files are nobody's until it
    /// makes them.
    /// </summary>
    public bool RootIsAnother { get; init; }

    /// <summary>A new user namespace, or one that was joined: what the kernel lets only the first user namespace do is done another way.</summary>
    public bool InUserNamespace { get; init; }
}
