namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>read(2): fills the start of <paramref name="buffer"/> and returns how many bytes; 0 at the end.</summary>
    public static int Read(int descriptor, Span<byte> buffer) =>
        (int)Check(TryRead(descriptor, buffer), $"read({Fd.Of(descriptor)}, …, {buffer.Length})");

    /// <summary><see cref="Read"/>, which returns <c>-errno</c> on failure. Interrupted calls are made again.</summary>
    public static int TryRead(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint result;
            do result = SystemCall.Invoke(SystemCallNumber.Read, descriptor, (nint)start, buffer.Length);
            while (ErrorOf(result) is Errno.EINTR);
            return (int)result;
        }
    }
}
