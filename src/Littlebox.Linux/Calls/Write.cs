namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>write(2), as often as it takes to write all of <paramref name="data"/>.</summary>
    public static void Write(int descriptor, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int written = TryWrite(descriptor, data);
            Check(written, $"write({Fd.Of(descriptor)}, {data}, {data.Length})");
            data = data[written..];
        }
    }

    /// <summary>One write(2): the number of bytes written, or <c>-errno</c>. Interrupted calls are made again.</summary>
    public static int TryWrite(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            nint result;
            do result = SystemCall.Invoke(SystemCallNumber.Write, descriptor, (nint)start, data.Length);
            while (ErrorOf(result) is Errno.EINTR);
            return (int)result;
        }
    }
}
