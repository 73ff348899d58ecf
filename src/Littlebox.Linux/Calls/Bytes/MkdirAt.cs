using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.MkdirAt(int, string, int)"/>
    public static void MkdirAt(int directory, ReadOnlySpan<byte> path, int mode) =>
        Kernel.Check(TryMkdirAt(directory, path, mode), $"mkdirat({Fd.Of(directory)}, {path}, 0{new Words(Convert.ToString(mode, 8))})");

    /// <summary><see cref="MkdirAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryMkdirAt(int directory, ReadOnlySpan<byte> path, int mode)
    {
        fixed (byte* pathZ = BytesZ.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Mkdirat, directory, (nint)pathZ, mode);
    }
}
