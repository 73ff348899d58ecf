using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <inheritdoc cref="Kernel.TryRenameAt2(int, string, int, string, bool)"/>
    public static int TryRenameAt2(int oldDirectory, ReadOnlySpan<byte> oldPath, int newDirectory, ReadOnlySpan<byte> newPath, bool noReplace = false)
    {
        fixed (byte* oldPathZ = BytesZ.Of(oldPath), newPathZ = BytesZ.Of(newPath))
            return (int)SystemCall.Invoke(SystemCallNumber.Renameat2, oldDirectory, (nint)oldPathZ, newDirectory, (nint)newPathZ, noReplace ? 1 : 0);
    }
}
