using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <summary>fsetxattr(2): sets an extended attribute of an open file. Returns <c>-errno</c> on failure.</summary>
    /// <param name="descriptor">A descriptor that is open for reading or writing; not O_PATH.</param>
    /// <param name="name">Name with its class: <c>user.</c>, <c>security.</c>, <c>trusted.</c>, <c>system.</c></param>
    /// <param name="value">Any bytes.</param>
    public static int TrySetAttribute(int descriptor, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        fixed (byte* nameZ = BytesZ.Of(name), start = value)
            return (int)SystemCall.Invoke(SystemCallNumber.Fsetxattr, descriptor, (nint)nameZ, (nint)start, value.Length);
    }

    /// <summary>lsetxattr(2) of a name in a directory, not followed where it is a symbolic link. Returns <c>-errno</c> on failure.</summary>
    /// <remarks>setxattrat(2) is there from kernel 6.13 only; below it the directory is named through /proc/self/fd.</remarks>
    public static int TrySetAttributeAt(int directory, ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte[] full = [.. System.Text.Encoding.ASCII.GetBytes($"/proc/self/fd/{directory}/"), .. path];
        fixed (byte* pathZ = BytesZ.Of(full), nameZ = BytesZ.Of(name), start = value)
            return (int)SystemCall.Invoke(SystemCallNumber.Lsetxattr, (nint)pathZ, (nint)nameZ, (nint)start, value.Length);
    }
}
