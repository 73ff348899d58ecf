using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox explain</c>: the work of it.</summary>
internal static class ExplainCommand
{
    /// <summary>Prints the plan of a run.</summary>
    public static int Run(ParsedArguments arguments)
    {
        ParsedArguments inner = arguments.Inner!;
        StateStore store = StateStore.ForThisUser();
        var launch = new ContainerLaunch(RunCommand.Resolve(inner, store, touchNothing: true), store);
        if (inner.Value("pidfile") is { } pidFile) launch.AddPidFile(pidFile);
        if (arguments.Has("json")) Output.Write(PlanJson.Of(launch.Plan));
        else if (arguments.Has("as-shell")) Output.Write(PlanScript.Of(launch.Plan));
        else Output.Write(PlanText.Of(launch.Plan, Style.For(Output.Out).Wanted));
        return 0;
    }
}
