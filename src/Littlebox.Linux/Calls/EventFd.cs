namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>eventfd2(2), close-on-exec: a counter that somebody else counts up, and that poll(2) shows as readable when it is not 0.</summary>
    public static Descriptor EventFd() => new((int)Check(SystemCall.Invoke(SystemCallNumber.Eventfd2, 0, 0x80000), $"eventfd2(0, EFD_CLOEXEC)"));
}
