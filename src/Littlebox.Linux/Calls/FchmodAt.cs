using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>fchmodat(2): sets a mode; follows symbolic links.</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, relative to it.</param>
    /// <param name="mode">Permissions, set-id bits included.</param>
    public static void FchmodAt(int directory, string path, int mode) => Check(TryFchmodAt(directory, path, mode), $"fchmodat({Fd.Of(directory)}, {path}, 0{new Words(Convert.ToString(mode, 8))})");

    /// <summary><see cref="FchmodAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryFchmodAt(int directory, string path, int mode)
    {
        fixed (byte* pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Fchmodat, directory, (nint)pathZ, mode);
    }
}
