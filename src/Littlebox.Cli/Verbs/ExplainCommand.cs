using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime;
using Littlebox.Runtime.Request;
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
        ContainerRequest request = Resolve(arguments, store);
        if (arguments.Has("as-shell") && request is { RootIsAnother: true, IdMappedRoot: false })
            throw new CommandException("--as-shell: a script opens the root and the volumes by name, as the container's root, and here that is another id than this user's, which may not search his directories; littlebox opens them before it becomes that id",
                arguments.Verb.UsageExitCode, "valid forms: --as-shell with a map that begins with 0 and this user's own id, or as root");
        var launch = new ContainerLaunch(request, store);
        if (inner.Value("pidfile") is { } pidFile) launch.AddPidFile(pidFile);
        if (arguments.Has("json")) Output.Write(PlanJson.Of(launch.Plan));
        else if (arguments.Has("as-shell")) Output.Write(PlanScript.Of(launch.Plan));
        else Output.Write(PlanText.Of(launch.Plan, Style.For(Output.Out).Wanted));
        return 0;
    }

    // What run refuses as a bad request is a wrong command line of explain.
    private static ContainerRequest Resolve(ParsedArguments arguments, StateStore store)
    {
        try
        {
            return RunCommand.Resolve(arguments.Inner!, store, touchNothing: true);
        }
        catch (LittleboxException error) when (error.Kind is ErrorKind.InvalidArgument)
        {
            throw new CommandException(error.Message, arguments.Verb.UsageExitCode, [.. error.Details]);
        }
    }
}
