using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>mknodat(2): makes a device, a FIFO or a regular file.</summary>
    /// <param name="directory">A directory descriptor, or AT_FDCWD (-100).</param>
    /// <param name="path">A path, relative to it.</param>
    /// <param name="mode">Type (S_IF*) and permissions, before the umask.</param>
    /// <param name="device">The device number, as <see cref="DeviceNumber"/> makes it; 0 for other types.</param>
    public static void MknodAt(int directory, string path, int mode, ulong device = 0) => Check(TryMknodAt(directory, path, mode, device), $"mknodat({Fd.Of(directory)}, {path}, 0{new Words(Convert.ToString(mode, 8))}, 0x{new Words(device.ToString("x"))})");

    /// <summary><see cref="MknodAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryMknodAt(int directory, string path, int mode, ulong device = 0)
    {
        fixed (byte* pathZ = Utf8Z.Of(path))
            return (int)SystemCall.Invoke(SystemCallNumber.Mknodat, directory, (nint)pathZ, mode, (nint)device);
    }
}
