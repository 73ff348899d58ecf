using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.FchownAt(int, string, int, int, int)"/>
    public static void FchownAt(int directory, ReadOnlySpan<byte> path, uint uid, uint gid, int flags = 0x100)
    {
        fixed (byte* pathZ = BytesZ.Of(path))
        {
            nint result = SystemCall.Invoke(SystemCallNumber.Fchownat, directory, (nint)pathZ, (nint)uid, (nint)gid, flags);
            Kernel.Check(result, $"fchownat({Fd.Of(directory)}, {path}, {uid}, {gid}, 0x{new Words(flags.ToString("x"))})");
        }
    }
}
