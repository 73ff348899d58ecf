using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <summary>fgetxattr(2): an extended attribute of an open file, <c>null</c> where it has none.</summary>
    /// <param name="descriptor">A descriptor that is open for reading or writing; not O_PATH.</param>
    /// <param name="name">Name with its class: <c>user.</c>, <c>security.</c>, <c>trusted.</c>, <c>system.</c></param>
    public static byte[]? TryGetAttribute(int descriptor, ReadOnlySpan<byte> name)
    {
        byte[] value = new byte[256];
        while (true)
        {
            nint length;
            fixed (byte* nameZ = BytesZ.Of(name), start = value) length = SystemCall.Invoke(SystemCallNumber.Fgetxattr, descriptor, (nint)nameZ, (nint)start, value.Length);
            if (length >= 0) return value[..(int)length];
            // XATTR_SIZE_MAX is 65536.
            if (Kernel.ErrorOf(length) is not Errno.ERANGE || value.Length > 65536) return null;
            value = new byte[value.Length * 4];
        }
    }
}
