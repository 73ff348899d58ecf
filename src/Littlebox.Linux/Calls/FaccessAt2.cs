using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>faccessat2(2): asks for access by the effective ids (AT_EACCESS).</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, relative to it.</param>
    /// <param name="mode">R_OK 4, W_OK 2, X_OK 1, F_OK 0.</param>
    public static void FaccessAt2(int directory, string path, int mode) => Check(TryFaccessAt2(directory, path, mode), $"faccessat2({Fd.Of(directory)}, {path}, {mode}, AT_EACCESS)");

    /// <summary><see cref="FaccessAt2"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryFaccessAt2(int directory, string path, int mode)
    {
        fixed (byte* pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Faccessat2, directory, (nint)pathZ, mode, 0x200);
    }
}
