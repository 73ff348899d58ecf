using System.Globalization;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;
using Littlebox.Plan;

namespace Littlebox.Runtime.Oci;

/// <summary>Network devices of the host that become the container's (config-linux.md, Network Devices): moved by netlink, with their addresses; back where the container comes to nothing.</summary>
internal sealed class OciNetDevices(OciInside inside, Func<LinuxNamespaceType, int> joined, Func<int> pid)
{
    private readonly Stack<Moved> moved = new();

    /// <summary>Throws for the first device that cannot be moved as it is written.</summary>
    public static void Check(Spec spec)
    {
        if (spec.Linux.NetDevices.Count == 0) return;
        if (spec.Linux.Namespace(LinuxNamespaceType.Network) is null) throw Wrong("/linux/netDevices", "devices without a network namespace", "a namespace of type network in /linux/namespaces: there is nowhere to move them");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (LinuxNetDevice device in spec.Linux.NetDevices)
        {
            string pointer = $"/linux/netDevices/{device.HostName.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (!IsName(device.HostName)) throw Wrong(pointer, Strace.Quote(device.HostName), "the name of a network device: 1 to 15 characters, without /, : and spaces");
            if (device.Name is { } name && !IsName(name)) throw Wrong(pointer + "/name", Strace.Quote(name), "the name of a network device: 1 to 15 characters, without /, : and spaces");
            if (!NameInside(device).Contains('%', StringComparison.Ordinal) && !names.Add(NameInside(device))) throw Wrong(pointer + "/name", Strace.Quote(NameInside(device)), "a name that no other device has");
        }
    }

    /// <summary>Adds a step for each device.</summary>
    public void Add(ContainerPlan plan)
    {
        foreach (LinuxNetDevice device in inside.Spec.Linux.NetDevices)
        {
            plan.Add(new HostStep
            {
                Title = $"Move the network device {device.HostName} to the container",
                Why = "the kernel takes its addresses on the way, so those that were given to it for good are given to it again there",
                Field = $"/linux/netDevices/{device.HostName}",
                Do = () => Move(device),
                Undo = MoveBack,
                Calls = () => [$"sendto(…, {{RTM_NEWLINK, IFLA_IFNAME={Strace.Quote(NameInside(device))}, IFLA_NET_NS_FD}}, …)"],
                Hint = error => error switch
                {
                    Errno.EINVAL => $"{device.HostName} cannot leave its network namespace: lo never can, nor can a device that says so (ethtool: netns-local)",
                    Errno.EPERM => "only the owner of both network namespaces may move a device (CAP_NET_ADMIN)",
                    _ => null,
                },
            });
        }
    }

    private void Move(LinuxNetDevice device)
    {
        using RouteSocket host = RouteSocket.Open();
        NetworkLink link = host.Links().FirstOrDefault(candidate => candidate.Name == device.HostName)
            ?? throw Wrong($"/linux/netDevices/{device.HostName}", device.HostName, $"a network device of the host: {string.Join(", ", host.Links().Select(static candidate => candidate.Name))}");
        using Descriptor there = OpenThere();
        using RouteSocket container = RouteSocket.OpenIn(there.Number);
        string name = NameInside(device);
        IReadOnlyList<NetworkLink> before = container.Links();
        if (before.Any(candidate => candidate.Name == name)) throw Wrong($"/linux/netDevices/{device.HostName}/name", name, "a name that is free in the container's network namespace, or one with %d");
        LinkAddress[] addresses = [.. host.Addresses(link.Index).Where(static address => address.IsPermanentAndGlobal)];
        host.SetUp(link.Index, false);
        try
        {
            host.Move(link.Index, name, there.Number);
        }
        catch (SystemCallException)
        {
            if (link.IsUp) host.SetUp(link.Index, true);
            throw;
        }
        int arrived = container.Links().First(candidate => !before.Any(other => other.Index == candidate.Index)).Index;
        moved.Push(new(device.HostName, link.IsUp, arrived, addresses));
        try
        {
            foreach (LinkAddress address in addresses) container.Add(arrived, address);
            container.SetUp(arrived, true);
        }
        catch (SystemCallException)
        {
            MoveBack();
            throw;
        }
    }

    // The container is nothing: what was the host's is the host's again. What fails here cannot be mended by anybody but who reads the error that led here.
    private void MoveBack()
    {
        if (!moved.TryPop(out Moved? device)) return;
        try
        {
            using Descriptor there = OpenThere(), here = Kernel.OpenAt2(Strace.CurrentDirectory, "/proc/self/ns/net", OpenFlags.ReadOnly);
            using RouteSocket container = RouteSocket.OpenIn(there.Number), host = RouteSocket.Open();
            container.SetUp(device.Index, false);
            container.Move(device.Index, device.HostName, here.Number);
            int index = host.Links().First(candidate => candidate.Name == device.HostName).Index;
            foreach (LinkAddress address in device.Addresses) host.Add(index, address);
            if (device.WasUp) host.SetUp(index, true);
        }
        catch (Exception failure) when (failure is SystemCallException or InvalidOperationException)
        {
            // A hardware device comes back by itself when the namespace ends.
        }
    }

    private Descriptor OpenThere()
    {
        int known = joined(LinuxNamespaceType.Network);
        return Kernel.OpenAt2(Strace.CurrentDirectory, known >= 0 ? string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{known}") : string.Create(CultureInfo.InvariantCulture, $"/proc/{pid()}/ns/net"), OpenFlags.ReadOnly);
    }

    private static string NameInside(LinuxNetDevice device) => string.IsNullOrEmpty(device.Name) ? device.HostName : device.Name;

    // dev_valid_name of the kernel.
    private static bool IsName(string name) => name.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(name) < 16 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/: \t\n\v\f\r\0") < 0;

    private static ConfigException Wrong(string pointer, string found, string allowed) => new("config.json", pointer, found, allowed);

    private sealed record Moved(string HostName, bool WasUp, int Index, IReadOnlyList<LinkAddress> Addresses);
}
