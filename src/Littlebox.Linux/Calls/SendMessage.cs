namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>sendmsg(2) with MSG_NOSIGNAL: one message, and a descriptor with it (SCM_RIGHTS, unix(7)).</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="content">At least one byte.</param>
    /// <param name="descriptor">The descriptor that goes along; the sender keeps its own.</param>
    public static void SendWithDescriptor(int socket, ReadOnlySpan<byte> content, int descriptor)
    {
        fixed (byte* start = content)
        {
            nint* vector = stackalloc nint[] { (nint)start, content.Length };
            int* control = stackalloc int[] { 20, 0, 1, 1, descriptor, 0 }; // struct cmsghdr: length, SOL_SOCKET, SCM_RIGHTS
            var header = new MessageHeader { Vectors = (nint)vector, VectorCount = 1, Control = (nint)control, ControlLength = 24 };
            Check(SystemCall.Invoke(SystemCallNumber.Sendmsg, socket, (nint)(&header), 0x4000), $"sendmsg({Fd.Of(socket)}, {{SCM_RIGHTS, [{Fd.Of(descriptor)}]}}, MSG_NOSIGNAL)");
        }
    }
}
