using System.Runtime.CompilerServices;

namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <summary>getdents64(2), until the end: the names but <c>.</c> and <c>..</c>, without NUL. The descriptor must be open for reading, and is left at its end.</summary>
    [SkipLocalsInit]
    public static List<byte[]> ReadNames(int directory)
    {
        const int BufferLength = 16384;
        var names = new List<byte[]>();
        byte* start = stackalloc byte[BufferLength];
        while (true)
        {
            nint length = SystemCall.Invoke(SystemCallNumber.Getdents64, directory, (nint)start, BufferLength);
            Kernel.Check(length, $"getdents64({Fd.Of(directory)}, …, {BufferLength})");
            if (length == 0) return names;
            // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name
            for (nint at = 0; at < length; at += *(ushort*)(start + at + 16))
            {
                var name = new ReadOnlySpan<byte>(start + at + 19, *(ushort*)(start + at + 16) - 19);
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) names.Add(name.ToArray());
            }
        }
    }
}
