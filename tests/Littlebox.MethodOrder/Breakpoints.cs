using Microsoft.Win32.SafeHandles;

namespace Littlebox.MethodOrder;

/// <summary>Breakpoints in the code of a process that is traced: int3 in the place of a method's first byte. /proc/PID/mem lets a tracer write where the process itself may not.</summary>
internal sealed class Breakpoints : IDisposable
{
    private const byte Int3 = 0xCC;

    private readonly SafeFileHandle memory;
    private readonly long start;
    private readonly byte[] before, code;

    /// <summary>Reads the code.</summary>
    /// <param name="pid">The process, stopped.</param>
    /// <param name="start">Where the code begins.</param>
    /// <param name="end">Where it ends.</param>
    public Breakpoints(int pid, long start, long end)
    {
        this.start = start;
        memory = File.OpenHandle($"/proc/{pid}/mem", FileMode.Open, FileAccess.ReadWrite);
        before = new byte[end - start];
        if (RandomAccess.Read(memory, before, start) != before.Length) throw new IOException($"/proc/{pid}/mem ends within the managed code: these are the symbols of another binary");
        code = [.. before];
    }

    /// <summary>Sets one, in our copy of the code.</summary>
    public void Set(long address) => code[address - start] = Int3;

    /// <summary>Writes the copy into the process.</summary>
    public void Write() => RandomAccess.Write(memory, code, start);

    /// <summary>Takes a breakpoint away.</summary>
    /// <returns>False where there is none (any more).</returns>
    public bool Remove(long address)
    {
        if (code[address - start] != Int3 || before[address - start] == Int3) return false;
        code[address - start] = before[address - start];
        RandomAccess.Write(memory, code.AsSpan((int)(address - start), 1), address);
        return true;
    }

    /// <summary>Whether an address is one of the code's.</summary>
    public bool Covers(long address) => address >= start && address < start + code.Length;

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
