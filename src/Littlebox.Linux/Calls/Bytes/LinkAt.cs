using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.LinkAt(int, string, int, string, int)"/>
    public static void LinkAt(int oldDirectory, ReadOnlySpan<byte> oldPath, int newDirectory, ReadOnlySpan<byte> newPath, int flags = 0) =>
        Kernel.Check(TryLinkAt(oldDirectory, oldPath, newDirectory, newPath, flags), $"linkat({Fd.Of(oldDirectory)}, {oldPath}, {Fd.Of(newDirectory)}, {newPath}, {flags})");

    /// <summary><see cref="LinkAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryLinkAt(int oldDirectory, ReadOnlySpan<byte> oldPath, int newDirectory, ReadOnlySpan<byte> newPath, int flags = 0)
    {
        fixed (byte* oldPathZ = BytesZ.Of(oldPath), newPathZ = BytesZ.Of(newPath))
            return (int)SystemCall.Invoke(SystemCallNumber.Linkat, oldDirectory, (nint)oldPathZ, newDirectory, (nint)newPathZ, flags);
    }
}
