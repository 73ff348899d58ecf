using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.FchmodAt(int, string, int)"/>
    public static void FchmodAt(int directory, ReadOnlySpan<byte> path, int mode)
    {
        fixed (byte* pathZ = BytesZ.Of(path))
        {
            nint result = SystemCall.Invoke(SystemCallNumber.Fchmodat, directory, (nint)pathZ, mode);
            Kernel.Check(result, $"fchmodat({Fd.Of(directory)}, {path}, 0{new Words(Convert.ToString(mode, 8))})");
        }
    }
}
