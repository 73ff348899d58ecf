using System.Diagnostics;
using Littlebox.Linux;

namespace Littlebox.Plan;

/// <summary>
/// Runs the host steps of a plan in order. Where one fails, what was done before is undone backwards. The steps inside run in the child that one of
/// the host steps starts. For one thread, and for one run.
/// </summary>
public sealed class PlanRunner(ContainerPlan plan) : IDisposable
{
    private readonly Stack<HostStep> done = new();

    /// <summary>A fault to inject on the host, or <c>null</c>.</summary>
    public Fault? Fault { get; init; }

    /// <summary>Called before each host step with its index; may throw to stop the run.</summary>
    public Action<int>? OnStep { get; init; }

    /// <summary>Gets the time of each host step: index, begin and end (Stopwatch ticks); <c>null</c> measures nothing.</summary>
    public Action<int, long, long>? OnTime { get; init; }

    /// <summary>Runs all host steps.</summary>
    /// <exception cref="StepFailedException">A step failed, on the host or inside; everything has been undone.</exception>
    public void Run()
    {
        int index = 0;
        try
        {
            for (; index < plan.Steps.Count; index++)
            {
                if (plan.Steps[index] is not HostStep step) continue;
                OnStep?.Invoke(index);
                if (Fault is { After: false } before && before.Step == index) before.Happen();
                long begin = OnTime is null ? 0 : Stopwatch.GetTimestamp();
                step.Do();
                done.Push(step);
                OnTime?.Invoke(index, begin, Stopwatch.GetTimestamp());
                if (Fault is { After: true } after && after.Step == index) after.Happen();
            }
        }
        catch (SystemCallException failure)
        {
            Undo();
            throw StepFailedException.Of(plan.Steps[index], index, failure.Call, failure.Error);
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>Undoes what has been done, backwards. Nothing happens the second time.</summary>
    public void Undo()
    {
        while (done.TryPop(out HostStep? step)) step.Undo?.Invoke();
    }

    /// <summary>What has been done stays, and is nobody's to undo any more.</summary>
    public void Keep() => done.Clear();

    /// <inheritdoc/>
    public void Dispose() => Undo();
}
