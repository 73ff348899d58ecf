using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>A name in a directory and its type (a DT_* value: 4 directory, 8 file, 10 link, 0 unknown).</summary>
public readonly record struct DirectoryEntry(string Name, byte Type, ulong Inode)
{
    /// <summary>True when the file system says that it is a directory.</summary>
    public bool IsDirectory => Type == 4;
}

public static unsafe partial class Kernel
{
    /// <summary>getdents64(2), until the end: all names but <c>.</c> and <c>..</c>. The descriptor must be open for reading, and is left at its end.</summary>
    public static List<DirectoryEntry> ReadDirectory(int directory)
    {
        var entries = new List<DirectoryEntry>();
        nint bufferAddress = (nint)NativeMemory.Alloc(32768);
        try
        {
            while (true)
            {
                nint length = SystemCall.Invoke(SystemCallNumber.Getdents64, directory, bufferAddress, 32768);
                Check(length, $"getdents64({Fd.Of(directory)}, …, 32768)");
                if (length == 0) return entries;
                // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name
                for (nint at = 0; at < length;)
                {
                    byte* record = (byte*)bufferAddress + at;
                    int size = *(ushort*)(record + 16);
                    string name = Text.Utf8Z.Read(new ReadOnlySpan<byte>(record + 19, size - 19));
                    if (name is not ("." or "..")) entries.Add(new DirectoryEntry(name, record[18], *(ulong*)record));
                    at += size;
                }
            }
        }
        finally
        {
            NativeMemory.Free((void*)bufferAddress);
        }
    }
}
