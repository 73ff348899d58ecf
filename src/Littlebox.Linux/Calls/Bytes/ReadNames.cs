namespace Littlebox.Linux;

public static unsafe partial class KernelBytes
{
    /// <summary>getdents64(2), until the end: the names but <c>.</c> and <c>..</c>, without NUL. The descriptor must be open for reading, and is left at its end.</summary>
    public static List<byte[]> ReadNames(int directory)
    {
        var names = new List<byte[]>();
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(32768);
        try
        {
            fixed (byte* start = buffer)
            {
                while (true)
                {
                    nint length = SystemCall.Invoke(SystemCallNumber.Getdents64, directory, (nint)start, 32768);
                    Kernel.Check(length, $"getdents64({Fd.Of(directory)}, …, 32768)");
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
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
