using System.Buffers.Binary;
using System.Text;

namespace Littlebox.Linux;

/// <summary>A socket to the network links of one network namespace (rtnetlink(7)). For one thread.</summary>
public sealed unsafe class RouteSocket : IDisposable
{
    private const int LinkHeader = 16, AddressHeader = 8, Largest = 1 << 16;

    private readonly Descriptor socket;
    private uint sequence;

    private RouteSocket(Descriptor socket) => this.socket = socket;

    /// <summary>A socket of this process's network namespace.</summary>
    public static RouteSocket Open() =>
        new(new Descriptor((int)Kernel.Check(SystemCall.Invoke(SystemCallNumber.Socket, 16, 3 | 0x80000, 0), $"socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE)")));

    /// <summary>A socket of another network namespace, to which it belongs for good. A thread of its own joins that, opens the socket, and ends.</summary>
    /// <param name="networkNamespace">A descriptor of the namespace.</param>
    public static RouteSocket OpenIn(int networkNamespace)
    {
        RouteSocket? opened = null;
        SystemCallException? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Kernel.SetNs(networkNamespace, NamespaceFlags.Network);
                opened = Open();
            }
            catch (SystemCallException error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? opened! : throw new SystemCallException(failure.Call, failure.Error);
    }

    /// <summary>All links of the namespace.</summary>
    public IReadOnlyList<NetworkLink> Links()
    {
        List<NetworkLink> links = [];
        foreach (NetlinkMessage message in Ask(new(RouteNumbers.GetLink, RouteNumbers.Request | RouteNumbers.Dump, new byte[LinkHeader]), "RTM_GETLINK"))
        {
            if (message.Type != RouteNumbers.NewLink || message.Payload.Length < LinkHeader) continue;
            ReadOnlySpan<byte> payload = message.Payload.Span;
            string name = Encoding.UTF8.GetString(message.Attribute(RouteNumbers.LinkName, LinkHeader)).TrimEnd('\0');
            links.Add(new(BinaryPrimitives.ReadInt32LittleEndian(payload[4..]), name, (BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]) & RouteNumbers.Up) != 0));
        }
        return links;
    }

    /// <summary>All addresses of a link.</summary>
    public IReadOnlyList<LinkAddress> Addresses(int link)
    {
        List<LinkAddress> addresses = [];
        foreach (NetlinkMessage message in Ask(new(RouteNumbers.GetAddress, RouteNumbers.Request | RouteNumbers.Dump, new byte[AddressHeader]), "RTM_GETADDR"))
        {
            ReadOnlySpan<byte> payload = message.Payload.Span;
            if (message.Type != RouteNumbers.NewAddress || payload.Length < AddressHeader || BinaryPrimitives.ReadInt32LittleEndian(payload[4..]) != link) continue;
            // The byte in the header has room for eight flags only.
            ReadOnlySpan<byte> wide = message.Attribute(RouteNumbers.AddressFlags, AddressHeader);
            byte[] peer = message.Attribute(RouteNumbers.Address, AddressHeader).ToArray(), local = message.Attribute(RouteNumbers.LocalAddress, AddressHeader).ToArray();
            addresses.Add(new(payload[0], payload[1], wide.Length == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(wide) : payload[2], payload[3],
                local.Length > 0 ? local : peer, peer, message.Attribute(RouteNumbers.Broadcast, AddressHeader).ToArray()));
        }
        return addresses;
    }

    /// <summary>Switches a link on or off.</summary>
    public void SetUp(int link, bool up) => Ask(new(RouteNumbers.NewLink, RouteNumbers.Request | RouteNumbers.Acknowledge, Header(link, up ? RouteNumbers.Up : 0, RouteNumbers.Up)), $"RTM_NEWLINK, {{ifi_index={link}, ifi_flags={(up ? "IFF_UP" : "0")}}}");

    /// <summary>Moves a link to another network namespace, and gives it a name there, in one request. Its addresses are lost on the way, and it is down.</summary>
    /// <param name="link">Its number here.</param>
    /// <param name="name">Its name there; the kernel puts a number in the place of <c>%d</c>.</param>
    /// <param name="networkNamespace">A descriptor of the namespace.</param>
    public void Move(int link, string name, int networkNamespace) => Ask(
        new NetlinkRequest(RouteNumbers.NewLink, RouteNumbers.Request | RouteNumbers.Acknowledge, Header(link, 0, 0)).Add(RouteNumbers.LinkName, name).Add(RouteNumbers.LinkNamespace, (uint)networkNamespace),
        $"RTM_NEWLINK, {{ifi_index={link}}}, IFLA_IFNAME={Text.Strace.Quote(name)}, IFLA_NET_NS_FD");

    /// <summary>Gives a link an address.</summary>
    public void Add(int link, LinkAddress address)
    {
        Span<byte> header = stackalloc byte[AddressHeader];
        header[0] = address.Family;
        header[1] = address.Prefix;
        header[3] = address.Scope;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], link);
        NetlinkRequest request = new NetlinkRequest(RouteNumbers.NewAddress, RouteNumbers.Request | RouteNumbers.Acknowledge | RouteNumbers.Create | RouteNumbers.Replace, header)
            .Add(RouteNumbers.LocalAddress, address.Local).Add(RouteNumbers.Address, address.Peer);
        if (address.Broadcast.Length > 0) request.Add(RouteNumbers.Broadcast, address.Broadcast);
        Ask(request, $"RTM_NEWADDR, {{ifa_index={link}}}");
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static byte[] Header(int link, uint flags, uint change)
    {
        byte[] header = new byte[LinkHeader];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), link);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), change);
        return header;
    }

    // Sends a request and reads its answers up to the acknowledgement or the end of the list.
    private List<NetlinkMessage> Ask(NetlinkRequest request, string text)
    {
        byte[] message = request.ToArray(++sequence);
        fixed (byte* start = message)
            Kernel.Check(SystemCall.Invoke(SystemCallNumber.Sendto, socket.Number, (nint)start, message.Length, 0, 0, 0), $"sendto({Fd.Of(socket.Number)}, {new Words($"{{{text}}}")}, {message.Length}, 0, NULL, 0)");
        List<NetlinkMessage> answers = [];
        byte[] buffer = new byte[Largest];
        while (true)
        {
            nint length;
            fixed (byte* start = buffer)
            {
                do length = SystemCall.Invoke(SystemCallNumber.Recvfrom, socket.Number, (nint)start, buffer.Length, 0, 0, 0);
                while (Kernel.ErrorOf(length) is Errno.EINTR);
            }
            Kernel.Check(length, $"recvfrom({Fd.Of(socket.Number)}, …, {buffer.Length}, 0, NULL, NULL)");
            foreach (NetlinkMessage answer in NetlinkMessage.Parse(buffer.AsMemory(0, (int)length).ToArray()))
            {
                if (answer.Sequence != sequence) continue;
                if (answer.Type == RouteNumbers.Done) return answers;
                if (answer.Type == RouteNumbers.Error && answer.Payload.Length >= 4)
                {
                    int error = BinaryPrimitives.ReadInt32LittleEndian(answer.Payload.Span);
                    if (error != 0) throw new SystemCallException($"sendto({socket.Number}, {{{text}}}, {message.Length}, 0, NULL, 0)", (Errno)(-error));
                    return answers;
                }
                answers.Add(answer);
            }
        }
    }
}
