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

    internal static StepFailedException Of(Step step, int index, string call, Errno error)
    {
        string reason = step.Hint(error) ?? Hints.Of(call, error) ?? error.Describe().ToLowerInvariant();
        var details = new List<string> { $"{call} = -1 {error} ({error.Describe()})" };
        details.Add($"step {index + 1}, {(step.Where == Place.Host ? "on the host" : "inside the container")}{(step.Field is null ? "" : $", from {step.Field}")}");
        return new StepFailedException(step, index, ErrorKind.SystemError, $"{step.Title}: {reason}", error, [.. details]);
    }
}
