using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>openat2(2), close-on-exec added.</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, resolved as <paramref name="resolve"/> says.</param>
    /// <param name="flags">How to open.</param>
    /// <param name="resolve">Restrictions on the resolution.</param>
    /// <param name="mode">Mode of a file that is made, octal; 0 unless <see cref="OpenFlags.Create"/>.</param>
    /// <returns>The descriptor.</returns>
    public static Descriptor OpenAt2(int directory, string path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.None, int mode = 0) =>
        new((int)Check(TryOpenAt2(directory, path, flags, resolve, mode),
            $"openat2({Fd.Of(directory)}, {path}, {new Words($"{{flags={CallFlags.Of(flags | OpenFlags.CloseOnExec)}, mode=0{Convert.ToString(mode, 8)}, resolve={CallFlags.Of(resolve)}}}")}, 24)"));

    /// <summary><see cref="OpenAt2"/>, which returns the descriptor's number or <c>-errno</c>.</summary>
    public static int TryOpenAt2(int directory, string path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.None, int mode = 0)
    {
        var how = new OpenHow { Flags = (ulong)(flags | OpenFlags.CloseOnExec), Mode = (ulong)mode, Resolve = (ulong)resolve };
        fixed (byte* name = Utf8Z.Of(path))
        {
            nint result;
            // EAGAIN: a rename raced with a resolution that had to stay beneath a root (openat2(2)); the kernel asks to try again.
            int tries = 0;
            do result = SystemCall.Invoke(SystemCallNumber.Openat2, directory, (nint)name, (nint)(&how), sizeof(OpenHow));
            while (ErrorOf(result) is Errno.EINTR || (ErrorOf(result) is Errno.EAGAIN && ++tries < 128));
            return (int)result;
        }
    }
}
