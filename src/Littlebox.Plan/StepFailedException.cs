using Littlebox.Linux;

namespace Littlebox.Plan;

/// <summary>A step of a plan failed; what was made before it has been undone.</summary>
public sealed class StepFailedException : LittleboxException
{
    internal StepFailedException(Step step, int index, ErrorKind kind, string sentence, Errno error, params ReadOnlySpan<string> details)
        : base(kind, sentence, details)
    {
        Step = step;
        Index = index;
        Error = error;
    }

    /// <summary>The step.</summary>
    public Step Step { get; }

    /// <summary>Its place in the plan, from 0.</summary>
    public int Index { get; }

    /// <summary>The error number, or <see cref="Errno.None"/> where no system call was the cause.</summary>
    public Errno Error { get; }

    internal static StepFailedException Of(Step step, int index, string call, Errno error) =>
        new(step, index, ErrorKind.SystemError, Sentence(step, call, error), error, Call(call, error), $"step {index + 1}, {Place(step)}");

    /// <summary>The error of a step whose place in the whole plan is not known.</summary>
    internal static LittleboxException OfUnnumbered(Step step, string call, Errno error) => new(ErrorKind.SystemError, Sentence(step, call, error), Call(call, error), Place(step));

    private static string Sentence(Step step, string call, Errno error) => $"{step.Title}: {step.Hint(error) ?? Hints.Of(call, error) ?? error.Describe().ToLowerInvariant()}";

    private static string Call(string call, Errno error) => $"{call} = -1 {error} ({error.Describe()})";

    private static string Place(Step step) => $"{(step.Where == Plan.Place.Host ? "on the host" : "inside the container")}{(step.Field is null ? "" : $", from {step.Field}")}";
}
