using System.Globalization;
using Littlebox.Cli.CommandLine;
using Littlebox.Engine;
using Littlebox.Engine.Options;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox exec</c>: the work of it.</summary>
internal static class ExecCommand
{
    /// <summary>Runs a second process in a container; returns its exit code.</summary>
    public static int Run(ParsedArguments arguments)
    {
        StateStore store = StateStore.ForThisUser();
        Housekeeping.Tidy(store);
        var options = new ExecOptions
        {
            Container = arguments.Words[0],
            Command = arguments.WordsFrom(1),
            Interactive = arguments.Has("interactive"),
            Terminal = arguments.Has("tty"),
            Environment = arguments.Values("env"),
            WorkingDirectory = arguments.Value("workdir"),
            User = arguments.Value("user"),
            AddCapabilities = arguments.Values("cap-add"),
            DropCapabilities = arguments.Values("cap-drop"),
            Privileged = arguments.Has("privileged"),
        };
        return ContainerRunner.Exec(ExecResolver.Resolve(options, store), arguments.Value("pidfile"), RunModes.Of(arguments, options.Interactive));
    }
}
