using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>mkdirat(2): makes a directory. The umask applies.</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, relative to it.</param>
    /// <param name="mode">Its mode, before the umask.</param>
    public static void MkdirAt(int directory, string path, int mode) => Check(TryMkdirAt(directory, path, mode), $"mkdirat({Fd.Of(directory)}, {path}, 0{new Words(Convert.ToString(mode, 8))})");

    /// <summary><see cref="MkdirAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryMkdirAt(int directory, string path, int mode)
    {
        fixed (byte* pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Mkdirat, directory, (nint)pathZ, mode);
    }
}
