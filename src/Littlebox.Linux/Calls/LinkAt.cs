using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>linkat(2): makes a hard link. Symbolic links are not followed.</summary>
    /// <param name="oldDirectory">Where the file is.</param>
    /// <param name="oldPath">Its name there; empty with <paramref name="flags"/> AT_EMPTY_PATH (0x1000).</param>
    /// <param name="newDirectory">Where the new name goes.</param>
    /// <param name="newPath">The new name.</param>
    /// <param name="flags">AT_* flags.</param>
    public static void LinkAt(int oldDirectory, string oldPath, int newDirectory, string newPath, int flags = 0) => Check(TryLinkAt(oldDirectory, oldPath, newDirectory, newPath, flags), $"linkat({Fd.Of(oldDirectory)}, {oldPath}, {Fd.Of(newDirectory)}, {newPath}, {flags})");

    /// <summary><see cref="LinkAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryLinkAt(int oldDirectory, string oldPath, int newDirectory, string newPath, int flags = 0)
    {
        fixed (byte* oldPathZ = Utf8Z.Of(oldPath), newPathZ = Utf8Z.Of(newPath))
            return (int)SystemCall.Invoke(SystemCallNumber.Linkat, oldDirectory, (nint)oldPathZ, newDirectory, (nint)newPathZ, flags);
    }
}
