using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>Where this process's executable lies in its memory, as the kernel told the process when it was executed (getauxval(3), elf(5)).</summary>
public static unsafe partial class ProgramMemory
{
    private const ulong AuxHeaders = 3, AuxHeaderSize = 4, AuxHeaderCount = 5; // AT_PHDR, AT_PHENT, AT_PHNUM
    private const int Load = 1, OfHeaders = 6; // PT_LOAD, PT_PHDR

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint AuxiliaryValue(ulong kind);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nint ThreadSelf();

    /// <summary>Where the C library keeps what it knows of the calling thread (pthread_self(3)): at this address and in the pages beside it. The kernel writes there too (rseq(2)).</summary>
    public static nint OfThread => ThreadSelf();

    /// <summary>The first page of the executable, and the one behind its last.</summary>
    public static (nint Start, nint End) Range
    {
        get
        {
            byte* headers = (byte*)AuxiliaryValue(AuxHeaders);
            int size = (int)AuxiliaryValue(AuxHeaderSize), count = (int)AuxiliaryValue(AuxHeaderCount);
            // Elf64_Phdr: p_type at 0, p_vaddr at 16, p_memsz at 40. Where it was moved to follows from the entry for the table itself; what has none lies where it says.
            nint moved = 0, start = nint.MaxValue, end = 0;
            for (int i = 0; i < count; i++)
            {
                byte* header = headers + i * size;
                if (*(int*)header == OfHeaders) moved = (nint)headers - *(nint*)(header + 16);
            }
            for (int i = 0; i < count; i++)
            {
                byte* header = headers + i * size;
                if (*(int*)header != Load) continue;
                nint address = moved + *(nint*)(header + 16), page = Machine.PageSize - 1;
                start = Math.Min(start, address & ~page);
                end = Math.Max(end, (address + *(nint*)(header + 40) + page) & ~page);
            }
            return (start, end);
        }
    }

    /// <summary>
    /// Has the kernel make the pages that this young process is going to use, all at once: a fault for each of them, at its first use, costs several times as much, and on a paravirtualized
    /// machine twenty. They are those that its heap will grow into; those of its statics, behind which the compiler puts the cells of calls through interfaces, each written at its first call;
    /// and those of the methods behind this one, where a program lays out its methods in the order of their first calls. To be called once, by a program that knows it will need them; nothing
    /// happens where they lie elsewhere, or the kernel is older than 5.14.
    /// </summary>
    /// <param name="heapBytes">How much of the heap: less than a collector's region, of which all but the beginning is still unused (4 MiB).</param>
    /// <param name="codeBytes">How much code.</param>
    public static void Populate(int heapBytes, int codeBytes)
    {
        const int ReadWrite = 3, StaticPages = 12, PopulateRead = 22, PopulateWrite = 23; // PROT_READ|PROT_WRITE; madvise(2)
        if (RuntimeFeature.IsDynamicCodeSupported) return;
        object last = new();
        nint page = Machine.PageSize, heap = (*(nint*)Unsafe.AsPointer(ref last) + page - 1) & -page, statics = SystemCall.OfStatics & -page, code = (nint)(delegate*<int, int, void>)&Populate & -page;
        // The collector has reserved them, and makes them writable by and by, which they may be already.
        if (SystemCall.Invoke(SystemCallNumber.Mprotect, heap, heapBytes, ReadWrite) == 0) SystemCall.Invoke(SystemCallNumber.Madvise, heap, heapBytes, PopulateWrite);
        nint end = Range.End;
        SystemCall.Invoke(SystemCallNumber.Madvise, statics, Math.Min(StaticPages * page, end - statics), PopulateWrite);
        SystemCall.Invoke(SystemCallNumber.Madvise, code, Math.Min(codeBytes, end - code), PopulateRead);
    }
}
