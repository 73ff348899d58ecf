using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <summary>statx(2) of a name that is bytes; a symbolic link at the end is not followed. Returns <c>-errno</c> on failure.</summary>
    public static int TryStatx(int directory, ReadOnlySpan<byte> path, out FileStatus status)
    {
        fixed (byte* name = BytesZ.Of(path))
        fixed (FileStatus* result = &status)
            return (int)SystemCall.Invoke(SystemCallNumber.Statx, directory, (nint)name, path.IsEmpty ? 0x1000 : 0x100, 0x17ff, (nint)result);
    }
}
