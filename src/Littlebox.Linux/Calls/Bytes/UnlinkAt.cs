using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.UnlinkAt(int, string, bool)"/>
    public static void UnlinkAt(int directory, ReadOnlySpan<byte> path, bool isDirectory = false) =>
        Kernel.Check(TryUnlinkAt(directory, path, isDirectory), $"unlinkat({Fd.Of(directory)}, {path}, {new Words(isDirectory ? "AT_REMOVEDIR" : "0")})");

    /// <summary><see cref="UnlinkAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryUnlinkAt(int directory, ReadOnlySpan<byte> path, bool isDirectory = false)
    {
        fixed (byte* pathZ = BytesZ.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Unlinkat, directory, (nint)pathZ, isDirectory ? 0x200 : 0);
    }
}
