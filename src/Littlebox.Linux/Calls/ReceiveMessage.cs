using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary><c>struct msghdr</c> of sendmsg(2) on 64-bit machines.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MessageHeader
{
    /// <summary>Address of a name, or 0.</summary>
    public nint Name;

    /// <summary>Its length.</summary>
    public int NameLength;

    /// <summary>Address of <c>struct iovec</c> pairs (address, length).</summary>
    public nint Vectors;

    /// <summary>How many.</summary>
    public nint VectorCount;

    /// <summary>Address of ancillary data.</summary>
    public nint Control;

    /// <summary>Its length in bytes.</summary>
    public nint ControlLength;

    /// <summary>MSG_* flags of what was received.</summary>
    public int Flags;
}

public static unsafe partial class Kernel
{
    /// <summary>recvmsg(2), close-on-exec: one message, and the descriptor that came with it (SCM_RIGHTS, unix(7)), if any.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="passed">The descriptor that came along, or <c>null</c>.</param>
    /// <param name="wait">False: return -EAGAIN where nothing is there.</param>
    /// <returns>The number of bytes, 0 when the other side has gone, or <c>-errno</c>.</returns>
    public static int TryReceive(int socket, Span<byte> buffer, out Descriptor? passed, bool wait = true)
    {
        passed = null;
        byte* control = stackalloc byte[32];
        fixed (byte* start = buffer)
        {
            nint* vector = stackalloc nint[2];
            vector[0] = (nint)start;
            vector[1] = buffer.Length;
            // CMSG_LEN of one descriptor, not CMSG_SPACE: into the padding the kernel would put a second one, which nobody would close.
            var header = new MessageHeader { Vectors = (nint)vector, VectorCount = 1, Control = (nint)control, ControlLength = 20 };
            nint result;
            // MSG_CMSG_CLOEXEC, MSG_DONTWAIT
            do result = SystemCall.Invoke(SystemCallNumber.Recvmsg, socket, (nint)(&header), 0x40000000 | (wait ? 0 : 0x40));
            while (ErrorOf(result) is Errno.EINTR);
            // struct cmsghdr: size_t length (20 for one descriptor), int SOL_SOCKET 1, int SCM_RIGHTS 1, then the descriptor
            if (result > 0 && header.ControlLength >= 20 && *(nint*)control == 20 && *(int*)(control + 8) == 1 && *(int*)(control + 12) == 1)
                passed = new Descriptor(*(int*)(control + 16));
            return (int)result;
        }
    }
}
