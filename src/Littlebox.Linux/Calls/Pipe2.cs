namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>pipe2(2), close-on-exec.</summary>
    /// <param name="nonBlocking">Neither end ever waits.</param>
    public static (Descriptor Read, Descriptor Write) Pipe(bool nonBlocking = false)
    {
        int* ends = stackalloc int[2];
        int flags = 0x80000 | (nonBlocking ? 0x800 : 0);
        Check(SystemCall.Invoke(SystemCallNumber.Pipe2, (nint)ends, flags), $"pipe2(…, O_CLOEXEC)");
        return (new Descriptor(ends[0]), new Descriptor(ends[1]));
    }
}
