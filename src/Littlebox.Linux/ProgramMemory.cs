using System.Runtime.InteropServices;

namespace Littlebox.Linux;

/// <summary>Where this process's executable lies in its memory, as the kernel told the process when it was executed (getauxval(3), elf(5)).</summary>
public static unsafe partial class ProgramMemory
{
    private const ulong AuxHeaders = 3, AuxHeaderSize = 4, AuxHeaderCount = 5; // AT_PHDR, AT_PHENT, AT_PHNUM
    private const int Load = 1, OfHeaders = 6; // PT_LOAD, PT_PHDR

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint AuxiliaryValue(ulong kind);

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
}
