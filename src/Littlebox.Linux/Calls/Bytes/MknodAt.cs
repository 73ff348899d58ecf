using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.MknodAt(int, string, int, ulong)"/>
    public static void MknodAt(int directory, ReadOnlySpan<byte> path, int mode, ulong device = 0) =>
        Kernel.Check(TryMknodAt(directory, path, mode, device), $"mknodat({Fd.Of(directory)}, {path}, 0{new Words(Convert.ToString(mode, 8))}, 0x{new Words(device.ToString("x"))})");

    /// <summary><see cref="MknodAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryMknodAt(int directory, ReadOnlySpan<byte> path, int mode, ulong device = 0)
    {
        fixed (byte* pathZ = BytesZ.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Mknodat, directory, (nint)pathZ, mode, (nint)device);
    }
}
