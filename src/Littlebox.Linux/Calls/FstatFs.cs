namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>fstatfs(2): the magic number of the file system (statfs(2) lists them), for instance 0x9fa0 for proc.</summary>
    public static long FileSystemType(int descriptor)
    {
        long* buffer = stackalloc long[16]; // struct statfs is 120 bytes on 64-bit machines; f_type is first
        Check(SystemCall.Invoke(SystemCallNumber.Fstatfs, descriptor, (nint)buffer), $"fstatfs({Fd.Of(descriptor)}, …)");
        return buffer[0];
    }

    /// <summary>fstatfs(2): the ST_* flags of the mount that the descriptor is on (f_flags), for instance 8 for noexec.</summary>
    public static long MountFlagsOf(int descriptor)
    {
        long* buffer = stackalloc long[16];
        Check(SystemCall.Invoke(SystemCallNumber.Fstatfs, descriptor, (nint)buffer), $"fstatfs({Fd.Of(descriptor)}, …)");
        return buffer[10]; // f_flags, at byte 80
    }
}
