using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    private const long NanosecondsOmit = 0x3ffffffe; // UTIME_OMIT

    /// <summary>utimensat(2): sets the times of a name in a directory; a symbolic link is not followed.</summary>
    /// <param name="directory">A directory descriptor; with an empty <paramref name="path"/>, the open file itself.</param>
    /// <param name="path">A name, or empty.</param>
    /// <param name="modified">Seconds since 1970-01-01 UTC and nanoseconds (0 to 999,999,999).</param>
    /// <param name="accessed">The same for the last access; left as it is where <c>null</c>.</param>
    public static void UtimensAt(int directory, ReadOnlySpan<byte> path, (long Seconds, uint Nanoseconds) modified, (long Seconds, uint Nanoseconds)? accessed = null)
    {
        long* times = stackalloc long[4];
        times[0] = accessed?.Seconds ?? 0;
        times[1] = accessed?.Nanoseconds ?? NanosecondsOmit;
        times[2] = modified.Seconds;
        times[3] = modified.Nanoseconds;
        fixed (byte* pathZ = BytesZ.Of(path))
        {
            // With a null path the descriptor itself is meant (futimens(3)).
            nint result = SystemCall.Invoke(SystemCallNumber.Utimensat, directory, path.IsEmpty ? 0 : (nint)pathZ, (nint)times, path.IsEmpty ? 0 : 0x100);
            Kernel.Check(result, $"utimensat({Fd.Of(directory)}, {path}, [{new Words(accessed is null ? "UTIME_OMIT" : $"{times[0]}.{times[1]:d9}")}, {new Words($"{times[2]}.{times[3]:d9}")}], AT_SYMLINK_NOFOLLOW)");
        }
    }
}
