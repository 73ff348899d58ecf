using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>
/// Where pins are: network namespaces in a directory that <c>ip netns</c> reads too, the others as files NAME/KIND in one of our own. NAME/net there is
/// a symbolic link to the network namespace, which marks it as ours.
/// </summary>
/// <param name="Network">The directory of network namespaces.</param>
/// <param name="Own">The directory of the others.</param>
public sealed record PinPlaces(string Network = "/run/netns", string Own = "/run/littlebox/ns")
{
    /// <summary>Where a namespace of that kind is pinned under that name.</summary>
    public string PathOf(NamespaceFlags kind, string name) => kind is NamespaceFlags.Network ? $"{Network}/{name}" : $"{Own}/{name}/{NamespaceKinds.NameOf(kind)}";
}

/// <summary>One pin.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The kind of namespace that belongs there.</param>
/// <param name="Path">The mount point.</param>
/// <param name="Id">What is mounted there; <c>null</c> where nothing is: a file that was left behind.</param>
/// <param name="IsOurs">False for a network namespace that <c>ip netns</c> or another program has put there.</param>
public sealed record NamespacePin(string Name, NamespaceFlags Kind, string Path, NamespaceId? Id, bool IsOurs);
