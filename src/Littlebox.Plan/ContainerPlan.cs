using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Plan;

/// <summary>
/// An ordered list of steps: how one container is made. From it come run, explain, trace, step by step, and the errors; there is no second copy
/// of the truth. Made by one thread, read by any.
/// </summary>
public sealed class ContainerPlan
{
    private readonly List<Step> steps = new(64);

    /// <summary>The steps, in the order they run. People count them from 1.</summary>
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>Index of the host step that starts the child; the steps inside begin to run with it.</summary>
    public int StartIndex { get; private set; } = -1;

    /// <summary>
    /// Lines of bash that run the steps inside (<c>"$inside"</c>), where a script cannot start the child and then go on beside it: they come after the host steps
    /// that the child waits for. <c>null</c> where the start step's own line does.
    /// </summary>
    public Func<IEnumerable<string>>? ShellOfInside { get; set; }

    /// <summary>Adds a step.</summary>
    public void Add(Step step) => steps.Add(step);

    /// <summary>Adds the host step that starts the child.</summary>
    public void AddStart(HostStep step)
    {
        StartIndex = steps.Count;
        steps.Add(step);
    }

    /// <summary>
    /// The error of an operation inside of which is known only how far it stands before the end: whoever hears of it has not made the whole plan, but its last steps. A fault that was
    /// injected is an operation which the plan does not have.
    /// </summary>
    /// <param name="error">The error number.</param>
    /// <param name="operations">How many operations stand behind it.</param>
    /// <param name="behind">How many steps stand behind its step.</param>
    /// <returns><c>null</c> where this plan does not have that step.</returns>
    public LittleboxException? FailureFromEnd(Errno error, int operations, int behind)
    {
        int index = steps.Count - 1 - behind;
        if (index < 0 || index >= steps.Count) return null;
        BootBuilder program = Compile(keepsText: true);
        int operation = program.Count - 1 - operations;
        bool known = operation >= 0 && operation < program.Count && program.StepOf(operation) == index;
        return StepFailedException.OfUnnumbered(steps[index], known ? program.Describe(operation, static register => "…") : "a call of this step", error);
    }

    /// <summary>Builds the boot program of the steps inside.</summary>
    /// <param name="keepsText">With the text of each operation.</param>
    /// <param name="fault">A fault to build in, or <c>null</c>.</param>
    /// <param name="reportSteps">Report each step to the host before it begins, and wait.</param>
    public BootBuilder Compile(bool keepsText = false, Fault? fault = null, bool reportSteps = false)
    {
        var builder = new BootBuilder(keepsText);
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i] is not InsideStep step) continue;
            builder.Step = i;
            if (reportSteps) builder.Report(MessageKind.Step, i);
            if (fault is { After: false } before && before.Step == i) before.AddTo(builder);
            step.Compile(builder);
            if (fault is { After: true } after && after.Step == i) after.AddTo(builder);
        }
        return builder;
    }
}
