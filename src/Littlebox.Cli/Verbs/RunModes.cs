using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Engine;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Plan.Trace;

namespace Littlebox.Cli.Verbs;

/// <summary>How a plan is run, from the options that <c>run</c> and <c>exec</c> share.</summary>
internal static class RunModes
{
    /// <summary>Reads <c>--trace</c>, <c>--step</c> and <c>--inject-fault</c>.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="inputIsTaken">Standard input belongs to the container.</param>
    public static RunMode Of(ParsedArguments arguments, bool inputIsTaken) => new()
    {
        OnTrace = arguments.Has("trace") ? Trace(arguments) : null,
        Fault = arguments.Value("inject-fault") is { } fault ? Fault.Parse(fault) : null,
        OnStep = arguments.Has("step") ? new Stepper(Answers.OfTerminal(inputIsTaken)).Stop : null,
    };

    private static Action<IReadOnlyList<StepTime>> Trace(ParsedArguments arguments)
    {
        string? path = arguments.Value("trace");
        if (path is "") throw arguments.Reject("trace", "", "a file to write the times to; without =FILE they are printed");
        return times => Write(path, times);
    }

    private static void Write(string? path, IReadOnlyList<StepTime> times)
    {
        if (path is null)
        {
            Output.WriteErrorLine(TraceTable.Of(times).TrimEnd('\n'));
            return;
        }
        NamedFile.Write(path, ChromeTrace.Of(times));
    }
}
