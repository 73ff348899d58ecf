using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>symlinkat(2): makes a symbolic link.</summary>
    /// <param name="target">What the link says.</param>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, relative to it.</param>
    public static void SymlinkAt(string target, int directory, string path) => Check(TrySymlinkAt(target, directory, path), $"symlinkat({target}, {Fd.Of(directory)}, {path})");

    /// <summary><see cref="SymlinkAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TrySymlinkAt(string target, int directory, string path)
    {
        fixed (byte* targetZ = Utf8Z.Of(target), pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Symlinkat, (nint)targetZ, directory, (nint)pathZ);
    }
}
