using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>Puts a few instructions of our own into memory of their own, written first and then made executable, never both at once.</summary>
internal static unsafe partial class MachineCode
{
    private const int ProtRead = 1, ProtWrite = 2, ProtExec = 4, MapPrivate = 2, MapAnonymous = 0x20, MapPopulate = 0x8000;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* MapMemory(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int ProtectMemory(void* address, nuint length, int protection);

    /// <summary>Returns the address of a read-only, executable copy of <paramref name="code"/>; at most one page. It stays for the life of the process.</summary>
    public static nint Place(ReadOnlySpan<byte> code)
    {
        void* page = MapMemory(null, 4096, ProtRead | ProtWrite, MapPrivate | MapAnonymous | MapPopulate, -1, 0);
        if ((nint)page == -1) throw new OutOfMemoryException("mmap of one page for the system call code failed");
        code.CopyTo(new Span<byte>(page, 4096));
        if (ProtectMemory(page, 4096, ProtRead | ProtExec) != 0)
            throw new PlatformNotSupportedException("this system does not let a process make memory executable (mprotect PROT_EXEC); Littlebox needs one page of it");
        return (nint)page;
    }
}
