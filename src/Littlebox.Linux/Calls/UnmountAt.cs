using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>umount2(2): takes a mount away.</summary>
    /// <param name="path">A path, relative to it.</param>
    /// <param name="flags">How.</param>
    public static void Unmount(string path, UnmountFlags flags = UnmountFlags.None) => Check(TryUnmount(path, flags), $"umount2({path}, {new Words(CallFlags.Of(flags))})");

    /// <summary><see cref="Unmount"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryUnmount(string path, UnmountFlags flags = UnmountFlags.None)
    {
        fixed (byte* pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Umount2, (nint)pathZ, (int)flags);
    }
}
