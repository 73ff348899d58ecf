using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>renameat2(2): renames, atomically.</summary>
    /// <param name="oldDirectory">Where the file is.</param>
    /// <param name="oldPath">Its name there.</param>
    /// <param name="newDirectory">Where it goes.</param>
    /// <param name="newPath">Its name there.</param>
    /// <param name="noReplace">Fail with EEXIST when the new name exists (RENAME_NOREPLACE).</param>
    public static void RenameAt2(int oldDirectory, string oldPath, int newDirectory, string newPath, bool noReplace = false) => Check(TryRenameAt2(oldDirectory, oldPath, newDirectory, newPath, noReplace), $"renameat2({Fd.Of(oldDirectory)}, {oldPath}, {Fd.Of(newDirectory)}, {newPath}, {new Words(noReplace ? "RENAME_NOREPLACE" : "0")})");

    /// <summary><see cref="RenameAt2"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryRenameAt2(int oldDirectory, string oldPath, int newDirectory, string newPath, bool noReplace = false)
    {
        fixed (byte* oldPathZ = Utf8Z.Of(oldPath), newPathZ = Utf8Z.Of(newPath))
            return (int)SystemCall.Invoke(SystemCallNumber.Renameat2, oldDirectory, (nint)oldPathZ, newDirectory, (nint)newPathZ, noReplace ? 1 : 0);
    }
}
