using System.Buffers.Text;
using Littlebox.Linux;

namespace Littlebox.Runtime.State;

/// <summary>Tells a process from a later one with the same number.</summary>
public static class ProcessIdentity
{
    private const long NanosecondsPerTick = 10_000_000; // USER_HZ is 100 on every architecture we run on

    /// <summary>True when the process lives (a zombie does not) and is the one that was made just before <paramref name="bootTime"/>.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="bootTime">CLOCK_BOOTTIME in nanoseconds just after it was made.</param>
    public static bool IsThatProcess(int pid, long bootTime)
    {
        if (StartTicks(pid) is not { } ticks) return false;
        long started = ticks * NanosecondsPerTick;
        // Started at most five seconds before it was noted (a stopped or starved littlebox may be slow to note it), and not after.
        return started <= bootTime + NanosecondsPerTick && started >= bootTime - 500 * NanosecondsPerTick;
    }

    /// <summary>When a process was started, in ticks of 10 ms since the boot: with its number it names one process for good. <c>null</c> where it does not live (a zombie does not).</summary>
    public static long? StartTicks(int pid)
    {
        // Fifty numbers and a name; the kernel puts no end to it, this does.
        Span<byte> buffer = stackalloc byte[1024];
        int length = SmallFile.TryRead($"/proc/{pid}/stat", buffer);
        ReadOnlySpan<byte> fields = buffer[..Math.Max(length, 0)];
        // The name in parentheses may hold anything, spaces and parentheses included: the fields begin behind the last one (proc(5)).
        int name = fields.LastIndexOf((byte)')');
        if (name < 0 || name + 2 >= fields.Length) return null;
        fields = fields[(name + 2)..];
        if (fields[0] is (byte)'Z' or (byte)'X') return null;
        // The state is the third field of all, the start the 22nd.
        for (int number = 3; number < 22; number++)
        {
            int space = fields.IndexOf((byte)' ');
            if (space < 0) return null;
            fields = fields[(space + 1)..];
        }
        return Utf8Parser.TryParse(fields, out long ticks, out _) ? ticks : null;
    }
}
