using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>fchownat(2): sets owner and group.</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, relative to it.</param>
    /// <param name="uid">The owner, or -1 to leave it.</param>
    /// <param name="gid">The group, or -1 to leave it.</param>
    /// <param name="flags">AT_SYMLINK_NOFOLLOW (0x100, the default), AT_EMPTY_PATH (0x1000).</param>
    public static void FchownAt(int directory, string path, int uid, int gid, int flags = 0x100) => Check(TryFchownAt(directory, path, uid, gid, flags), $"fchownat({Fd.Of(directory)}, {path}, {uid}, {gid}, 0x{new Words(flags.ToString("x"))})");

    /// <summary><see cref="FchownAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryFchownAt(int directory, string path, int uid, int gid, int flags = 0x100)
    {
        fixed (byte* pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Fchownat, directory, (nint)pathZ, uid, gid, flags);
    }
}
