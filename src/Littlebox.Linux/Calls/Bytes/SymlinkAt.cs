using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.SymlinkAt(string, int, string)"/>
    public static void SymlinkAt(ReadOnlySpan<byte> target, int directory, ReadOnlySpan<byte> path) =>
        Kernel.Check(TrySymlinkAt(target, directory, path), $"symlinkat({target}, {Fd.Of(directory)}, {path})");

    /// <summary><see cref="SymlinkAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TrySymlinkAt(ReadOnlySpan<byte> target, int directory, ReadOnlySpan<byte> path)
    {
        fixed (byte* targetZ = BytesZ.Of(target), pathZ = BytesZ.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Symlinkat, (nint)targetZ, directory, (nint)pathZ);
    }
}
