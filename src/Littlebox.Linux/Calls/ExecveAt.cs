using System.Runtime.InteropServices;
using Littlebox.Linux.Text;

namespace Littlebox.Linux;

public static unsafe partial class Kernel
{
    /// <summary>execveat(2) with AT_EMPTY_PATH: this process becomes the program of a descriptor. Returns <c>-errno</c>, or not at all.</summary>
    /// <param name="descriptor">A descriptor of the program; O_PATH will do.</param>
    /// <param name="arguments">Its arguments, each with a NUL behind, as /proc/self/cmdline has them.</param>
    /// <param name="environment">Its variables, likewise, as /proc/self/environ has them.</param>
    public static int TryExecute(int descriptor, ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> environment)
    {
        fixed (byte* first = arguments, second = environment, empty = Utf8Z.Of(""))
        {
            nint* argv = Pointers(first, arguments), envp = Pointers(second, environment);
            int result = (int)SystemCall.Invoke(SystemCallNumber.Execveat, descriptor, (nint)empty, (nint)argv, (nint)envp, 0x1000);
            NativeMemory.Free(argv);
            NativeMemory.Free(envp);
            return result;
        }
    }

    private static nint* Pointers(byte* start, ReadOnlySpan<byte> texts)
    {
        nint* pointers = (nint*)NativeMemory.AllocZeroed((nuint)texts.Count((byte)0) + 1, (nuint)sizeof(nint));
        int count = 0;
        for (int at = 0; at < texts.Length; at += texts[at..].IndexOf((byte)0) + 1)
        {
            if (texts[at..].IndexOf((byte)0) < 0) break;
            pointers[count++] = (nint)(start + at);
        }
        return pointers;
    }
}
