using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary><c>struct pollfd</c> of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollDescriptor
{
    /// <summary>The descriptor, or a negative number to leave this place out.</summary>
    public int Descriptor;

    /// <summary>What is asked for.</summary>
    public PollEvents Events;

    /// <summary>What has happened.</summary>
    public PollEvents Returned;
}
