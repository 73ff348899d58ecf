using System.Runtime.InteropServices;
using System.Text;

namespace Littlebox.Linux;

/// <summary><c>struct ifreq</c> of SIOCGIFFLAGS and SIOCSIFFLAGS (netdevice(7)).</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
public unsafe struct InterfaceFlagsRequest
{
    /// <summary>The interface, at most 15 bytes and a NUL (ifr_name).</summary>
    public fixed byte Name[16];

    /// <summary>IFF_* flags (ifr_flags).</summary>
    public short Flags;

    /// <summary>Makes a request.</summary>
    /// <exception cref="ArgumentException">The name is longer than 15 bytes.</exception>
    public InterfaceFlagsRequest(string name, short flags)
    {
        if (name.Length > 15) throw new ArgumentException("the name of an interface has 15 bytes at most", nameof(name));
        fixed (byte* start = Name) Encoding.ASCII.GetBytes(name, new Span<byte>(start, 16));
        Flags = flags;
    }
}
