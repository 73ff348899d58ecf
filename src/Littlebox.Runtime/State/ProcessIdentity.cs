using System.Globalization;
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
        if (SmallFile.TryReadText($"/proc/{pid}/stat") is not { } stat) return null;
        // The name in parentheses may hold anything, spaces and parentheses included: the fields begin behind the last one (proc(5)).
        ReadOnlySpan<char> fields = stat.AsSpan(stat.LastIndexOf(')') + 2);
        if (fields.IsEmpty || fields[0] is 'Z' or 'X') return null;
        // The state is the third field of all, the start the 22nd.
        int number = 3;
        foreach (Range field in fields.Split(' '))
        {
            if (number++ == 22) return long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        return null;
    }
}
