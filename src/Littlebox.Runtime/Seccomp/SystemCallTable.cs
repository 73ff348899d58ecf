using System.Text;

namespace Littlebox.Runtime.Seccomp;

/// <summary>
/// Names and numbers of system calls, as libseccomp has them, for the ABIs that kernels for x86_64 and arm64 answer. Plain data in the program file: nothing is built when
/// it starts.
/// </summary>
internal static partial class SystemCallTable
{
    /// <summary>What every number of the x32 ABI carries (__X32_SYSCALL_BIT).</summary>
    public const uint X32Bit = 0x40000000;

    private const int Abis = 5, ArmPrivate = 0x4000, ArmPrivateBase = 0xf0000;

    /// <summary>How many names there are.</summary>
    public static int Count => Multiplexed.Length;

    /// <summary>The place of a name in the table, or -1 where no ABI has such a system call.</summary>
    public static int Find(string name)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1, order = Compare(name, NameAt(middle));
            if (order == 0) return middle;
            if (order < 0) high = middle - 1;
            else low = middle + 1;
        }
        return -1;
    }

    /// <summary>The number of the system call at a place of the table as the kernel shows it to a filter, or -1.</summary>
    public static long Number(int place, SystemCallAbi abi)
    {
        int number = Numbers[place * Abis + (int)abi];
        if (number < 0) return -1;
        if (abi == SystemCallAbi.X32) return number | X32Bit;
        // The calls that only arm has lie far away (__ARM_NR_BASE); the table keeps them in 16 bits.
        return (number & ArmPrivate) != 0 ? ArmPrivateBase | (number & ~ArmPrivate) : number;
    }

    /// <summary>How i386 carries this system call besides its own number: socketcall(2) or ipc(2), and the first argument that stands for it.</summary>
    /// <returns>False where it has its own number only.</returns>
    public static bool IsMultiplexed(int place, out uint carrier, out uint call)
    {
        const uint socketcall = 102, ipc = 117;
        byte entry = Multiplexed[place];
        (carrier, call) = entry < 128 ? (socketcall, (uint)entry) : (ipc, entry & 127U);
        return entry != 0;
    }

    /// <summary>The name at a place of the table.</summary>
    public static string Name(int place) => Encoding.UTF8.GetString(NameAt(place));

    /// <summary>The name of a number, or <c>null</c>. It looks at every entry: for texts.</summary>
    public static string? NameOf(SystemCallAbi abi, uint number)
    {
        for (int place = 0; place < Count; place++)
        {
            if (Number(place, abi) == number) return Name(place);
        }
        return null;
    }

    private static ReadOnlySpan<byte> NameAt(int place) => Names[Offsets[place]..Offsets[place + 1]];

    private static int Compare(string name, ReadOnlySpan<byte> entry)
    {
        int length = Math.Min(name.Length, entry.Length);
        for (int i = 0; i < length; i++)
        {
            int difference = name[i] - entry[i];
            if (difference != 0) return difference;
        }
        return name.Length - entry.Length;
    }
}
