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
        OnTrace = arguments.Has("trace") ? times => Write(arguments.Value("trace"), times) : null,
        Fault = arguments.Value("inject-fault") is { } fault ? Fault.Parse(fault) : null,
        OnStep = arguments.Has("step") ? new Stepper(Answers.OfTerminal(inputIsTaken)).Stop : null,
    };

    private static void Write(string? path, IReadOnlyList<StepTime> times)
    {
        if (path is null)
        {
            Output.WriteErrorLine(TraceTable.Of(times).TrimEnd('\n'));
            return;
        }
        int slash = path.LastIndexOf('/');
        using Descriptor parent = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, slash < 0 ? "." : slash == 0 ? "/" : path[..slash], OpenFlags.PathOnly | OpenFlags.Directory);
        SmallFile.Replace(parent.Number, path[(slash + 1)..], ChromeTrace.Of(times), 0x1a4);
    }
}
