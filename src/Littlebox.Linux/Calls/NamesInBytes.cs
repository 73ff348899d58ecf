using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>The calls that take a tree away, with names as the kernel has them: any bytes but NUL and <c>/</c>, not always UTF-8. Each name ends in a NUL.</summary>
public static unsafe partial class Kernel
{
    /// <summary>lseek(2) to the start and getdents64(2) until the end, as <see cref="ReadDirectory"/>: each name's bytes with a NUL behind.</summary>
    public static List<byte[]> ReadNames(int directory)
    {
        Check(SystemCall.Invoke(SystemCallNumber.Lseek, directory, 0, 0), $"lseek({Fd.Of(directory)}, 0, SEEK_SET)");
        var names = new List<byte[]>();
        byte* buffer = (byte*)NativeMemory.Alloc(32768);
        try
        {
            while (true)
            {
                nint length = SystemCall.Invoke(SystemCallNumber.Getdents64, directory, (nint)buffer, 32768);
                Check(length, $"getdents64({Fd.Of(directory)}, …, 32768)");
                if (length == 0) return names;
                // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name
                for (nint at = 0; at < length; at += *(ushort*)(buffer + at + 16))
                {
                    ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer + at + 19);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) names.Add([.. name, 0]);
                }
            }
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }

    /// <summary><see cref="TryUnlinkAt(int, string, bool)"/> of a name in bytes.</summary>
    public static int TryUnlinkAt(int directory, ReadOnlySpan<byte> nameZ, bool isDirectory = false)
    {
        fixed (byte* name = Ended(nameZ))
            return (int)SystemCall.Invoke(SystemCallNumber.Unlinkat, directory, (nint)name, isDirectory ? 0x200 : 0);
    }

    /// <summary><see cref="TryOpenAt2(int, string, OpenFlags, ResolveFlags, int)"/> of a name in bytes.</summary>
    public static int TryOpenAt2(int directory, ReadOnlySpan<byte> nameZ, OpenFlags flags, ResolveFlags resolve)
    {
        var how = new OpenHow { Flags = (ulong)(flags | OpenFlags.CloseOnExec), Resolve = (ulong)resolve };
        fixed (byte* name = Ended(nameZ))
            return (int)SystemCall.Invoke(SystemCallNumber.Openat2, directory, (nint)name, (nint)(&how), sizeof(OpenHow));
    }

    /// <summary><see cref="TryRenameAt2(int, string, int, string, bool)"/> of names in bytes, with RENAME_NOREPLACE.</summary>
    public static int TryRenameAt2(int oldDirectory, ReadOnlySpan<byte> oldNameZ, int newDirectory, ReadOnlySpan<byte> newNameZ)
    {
        fixed (byte* oldName = Ended(oldNameZ), newName = Ended(newNameZ))
            return (int)SystemCall.Invoke(SystemCallNumber.Renameat2, oldDirectory, (nint)oldName, newDirectory, (nint)newName, 1);
    }

    private static ReadOnlySpan<byte> Ended(ReadOnlySpan<byte> nameZ) =>
        nameZ.IndexOf((byte)0) == nameZ.Length - 1 ? nameZ : throw new ArgumentException("a name in bytes ends in its only NUL", nameof(nameZ));
}
