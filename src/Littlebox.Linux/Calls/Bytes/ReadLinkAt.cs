using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <summary>readlinkat(2) of a name that is bytes: the target of a symbolic link.</summary>
    public static byte[] ReadLinkAt(int directory, ReadOnlySpan<byte> path)
    {
        byte[] target = new byte[4096];
        nint length;
        fixed (byte* pathZ = BytesZ.Of(path), start = target) length = SystemCall.Invoke(SystemCallNumber.Readlinkat, directory, (nint)pathZ, (nint)start, target.Length);
        Kernel.Check(length, $"readlinkat({Fd.Of(directory)}, {path}, …, 4096)");
        return target[..(int)length];
    }
}
