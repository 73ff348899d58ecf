using System.Diagnostics;
using Littlebox.Boot;

namespace Littlebox.Plan.Trace;

/// <summary>How long a step took.</summary>
/// <param name="Index">Its place in the plan, from 0.</param>
/// <param name="Title">What it does.</param>
/// <param name="Where">Where it ran.</param>
/// <param name="Begin">Microseconds since the first step began.</param>
/// <param name="Duration">Microseconds.</param>
public sealed record StepTime(int Index, string Title, Place Where, double Begin, double Duration);

/// <summary>Collects the times of a run: host steps as they run, steps inside from the page that the child shares. CLOCK_MONOTONIC on both sides.</summary>
public sealed class PlanTrace(ContainerPlan plan)
{
    private readonly List<(int Index, long Begin, long End)> times = [];

    /// <summary>Takes the time of a host step; Stopwatch ticks, which are nanoseconds of CLOCK_MONOTONIC on Linux.</summary>
    public void Add(int index, long begin, long end) => times.Add((index, begin, end));

    /// <summary>Takes the times of the steps inside.</summary>
    /// <param name="child">The child, started with times.</param>
    /// <param name="program">The program it ran.</param>
    /// <param name="executed">When it executed its command: Stopwatch ticks.</param>
    public void AddInside(BootChild child, BootBuilder program, long executed)
    {
        int operation = 0;
        int preamble = -child.InProgram(0);
        while (operation < program.Count)
        {
            int step = program.StepOf(operation);
            long begin = child.BeganAt(operation + preamble);
            while (operation < program.Count && program.StepOf(operation) == step) operation++;
            if (begin == 0) continue;
            // Jumps leave operations out: the end is when the next one began that ran at all.
            long end = 0;
            for (int next = operation; next < program.Count && end == 0; next++) end = child.BeganAt(next + preamble);
            times.Add((step, begin, end == 0 ? executed : end));
        }
    }

    /// <summary>The times, in the order the steps began.</summary>
    public IReadOnlyList<StepTime> Times()
    {
        if (times.Count == 0) return [];
        long first = times.Min(static time => time.Begin);
        double tick = 1_000_000.0 / Stopwatch.Frequency;
        return [.. times.OrderBy(static time => time.Begin).Select(time =>
            new StepTime(time.Index, plan.Steps[time.Index].Title, plan.Steps[time.Index].Where, (time.Begin - first) * tick, (time.End - time.Begin) * tick))];
    }
}
