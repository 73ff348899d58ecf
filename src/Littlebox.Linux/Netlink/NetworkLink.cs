namespace Littlebox.Linux;

/// <summary>A network link as the kernel lists it.</summary>
/// <param name="Index">Its number in its network namespace.</param>
/// <param name="Name">Its name there.</param>
/// <param name="IsUp">It is switched on.</param>
public sealed record NetworkLink(int Index, string Name, bool IsUp);

/// <summary>An address of a link.</summary>
/// <param name="Family">AF_INET (2) or AF_INET6 (10).</param>
/// <param name="Prefix">How many bits are the network's.</param>
/// <param name="Flags">IFA_F_….</param>
/// <param name="Scope">0 is the whole world, 253 the link, 254 the machine.</param>
/// <param name="Local">The address of this machine.</param>
/// <param name="Peer">The address of the other end; the same where there is no other end.</param>
/// <param name="Broadcast">The broadcast address, empty where there is none.</param>
public sealed record LinkAddress(byte Family, byte Prefix, uint Flags, byte Scope, byte[] Local, byte[] Peer, byte[] Broadcast)
{
    /// <summary>True where somebody has given it to the link for good and for everybody: it does not come from the network, nor from the link's own number.</summary>
    public bool IsPermanentAndGlobal => (Flags & RouteNumbers.Permanent) != 0 && Scope == 0;
}
