using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    private const int StatxBasic = 0x7ff, StatxMountId = 0x1000;

    /// <summary>statx(2) with all basic fields and the mount id.</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100); with an empty path, the file itself.</param>
    /// <param name="path">A path, or empty.</param>
    /// <param name="follow">Follow a symbolic link at the end.</param>
    public static FileStatus Statx(int directory, string path = "", bool follow = false)
    {
        Check(TryStatx(directory, path, follow, out FileStatus status), $"statx({Fd.Of(directory)}, {path}, {new Words(path.Length == 0 ? "AT_EMPTY_PATH" : follow ? "0" : "AT_SYMLINK_NOFOLLOW")}, STATX_BASIC_STATS|STATX_MNT_ID, …)");
        return status;
    }

    /// <summary><see cref="Statx"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryStatx(int directory, string path, bool follow, out FileStatus status)
    {
        int flags = path.Length == 0 ? 0x1000 : follow ? 0 : 0x100;
        fixed (byte* name = Utf8Z.Of(path))
        fixed (FileStatus* result = &status)
            return (int)SystemCall.Invoke(SystemCallNumber.Statx, directory, (nint)name, flags, StatxBasic | StatxMountId, (nint)result);
    }
}
