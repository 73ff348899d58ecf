using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <summary>openat2(2) of a path that is bytes, close-on-exec added.</summary>
    /// <inheritdoc cref="Kernel.OpenAt2(int, string, OpenFlags, ResolveFlags, int)"/>
    public static Descriptor OpenAt2(int directory, ReadOnlySpan<byte> path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.None, int mode = 0) =>
        new((int)Kernel.Check(TryOpenAt2(directory, path, flags, resolve, mode),
            $"openat2({Fd.Of(directory)}, {path}, {new Words($"{{flags={CallFlags.Of(flags | OpenFlags.CloseOnExec)}, mode=0{Convert.ToString(mode, 8)}, resolve={CallFlags.Of(resolve)}}}")}, 24)"));

    /// <summary><see cref="OpenAt2"/>, which returns the descriptor's number or <c>-errno</c>.</summary>
    public static int TryOpenAt2(int directory, ReadOnlySpan<byte> path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.None, int mode = 0)
    {
        var how = new OpenHow { Flags = (ulong)(flags | OpenFlags.CloseOnExec), Mode = (ulong)mode, Resolve = (ulong)resolve };
        fixed (byte* name = BytesZ.Of(path))
        {
            nint result;
            // EAGAIN: a rename raced with a resolution that had to stay beneath a root (openat2(2)); the kernel asks to try again.
            int tries = 0;
            do result = SystemCall.Invoke(SystemCallNumber.Openat2, directory, (nint)name, (nint)(&how), sizeof(OpenHow));
            while (Kernel.ErrorOf(result) is Errno.EINTR || (Kernel.ErrorOf(result) is Errno.EAGAIN && ++tries < 128));
            return (int)result;
        }
    }
}
