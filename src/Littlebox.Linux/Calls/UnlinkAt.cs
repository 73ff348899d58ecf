using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>unlinkat(2): removes a name.</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, relative to it.</param>
    /// <param name="isDirectory">Remove an empty directory instead (AT_REMOVEDIR).</param>
    public static void UnlinkAt(int directory, string path, bool isDirectory = false) => Check(TryUnlinkAt(directory, path, isDirectory), $"unlinkat({Fd.Of(directory)}, {path}, {new Words(isDirectory ? "AT_REMOVEDIR" : "0")})");

    /// <summary><see cref="UnlinkAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryUnlinkAt(int directory, string path, bool isDirectory = false)
    {
        fixed (byte* pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Unlinkat, directory, (nint)pathZ, isDirectory ? 0x200 : 0);
    }
}
