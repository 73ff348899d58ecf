using Littlebox.Linux;

namespace Littlebox.Boot;

/// <summary>The host's end of the channel to a child that runs a boot program: its messages, and the answers. For one thread.</summary>
/// <param name="socket">A connected SOCK_SEQPACKET socket; owned from here on.</param>
public sealed unsafe class BootChannel(Descriptor socket) : IDisposable
{
    /// <summary>The descriptor, to be polled.</summary>
    public int Number => socket.Number;

    /// <summary>Reads a message of the child.</summary>
    /// <param name="passed">A descriptor that came along, or <c>null</c>.</param>
    /// <param name="wait">Wait for one.</param>
    /// <returns>The message, of kind <see cref="MessageKind.Closed"/> after execve or the end; <c>null</c> where none is there and <paramref name="wait"/> is false.</returns>
    public BootMessage? Receive(out Descriptor? passed, bool wait = true)
    {
        int* message = stackalloc int[5] { 0, 0, 0, 0, 0 };
        int received = Kernel.TryReceive(socket.Number, new Span<byte>(message, 20), out passed, wait);
        if (Kernel.ErrorOf(received) is Errno.EAGAIN) return null;
        return received < 8 ? default(BootMessage) : new BootMessage((MessageKind)message[0], message[1], (Errno)message[2], message[3], message[4]);
    }

    /// <summary>Lets the child go on after a message.</summary>
    public void Answer() => Kernel.TryWrite(socket.Number, [0, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>Lets the child go on after a message, and gives it a descriptor (SCM_RIGHTS, unix(7)).</summary>
    public void Answer(int descriptor) => Kernel.SendWithDescriptor(socket.Number, [0, 0, 0, 0, 0, 0, 0, 0], descriptor);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}

/// <summary>A message of the child.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Number">An operation (those that close descriptors counted), or a step.</param>
/// <param name="Error">With <see cref="MessageKind.Failed"/> the error number.</param>
/// <param name="Behind">With <see cref="MessageKind.Failed"/> how many operations of the program stand behind the one that failed.</param>
/// <param name="StepsBehind">With <see cref="MessageKind.Failed"/> how many steps of the plan stand behind its step.</param>
public readonly record struct BootMessage(MessageKind Kind, int Number, Errno Error, int Behind, int StepsBehind)
{
    /// <summary>With <see cref="MessageKind.Seccomp"/>: where in its memory the child looks for the host's word.</summary>
    public nint Address => (nint)((long)(uint)(int)Error | (long)Behind << 32);
}
