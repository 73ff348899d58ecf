using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>readlinkat(2): the target of a symbolic link.</summary>
    public static string ReadLinkAt(int directory, string path)
    {
        nint result = TryReadLinkAt(directory, path, out string? target);
        Check(result, $"readlinkat({Fd.Of(directory)}, {path}, …, 4096)");
        return target!;
    }

    /// <summary><see cref="ReadLinkAt"/> from the current directory, <c>null</c> on any failure.</summary>
    public static string? TryReadLink(string path)
    {
        TryReadLinkAt(Strace.CurrentDirectory, path, out string? target);
        return target;
    }

    /// <summary><see cref="ReadLinkAt"/>, which returns <c>-errno</c> on failure.</summary>
    public static int TryReadLinkAt(int directory, string path, out string? target)
    {
        Span<byte> buffer = stackalloc byte[4096];
        fixed (byte* name = Utf8Z.Of(path), start = buffer)
        {
            int result = (int)SystemCall.Invoke(SystemCallNumber.Readlinkat, directory, (nint)name, (nint)start, buffer.Length);
            target = result < 0 ? null : SystemText.Decode(buffer[..result]);
            return result;
        }
    }
}
