using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary>What all <c>ns</c> verbs share: where pins and containers are, which kinds were asked for, how failures are told.</summary>
internal static class NsContext
{
    /// <summary>The pins of this machine.</summary>
    public static NamespacePins Pins { get; } = new();

    /// <summary>Turns words into namespaces.</summary>
    public static TargetResolver Targets { get; } = new(new RunningContainers(), Pins);

    /// <summary>The kinds whose options were given.</summary>
    public static NamespaceFlags Kinds(ParsedArguments arguments)
    {
        NamespaceFlags kinds = NamespaceFlags.None;
        foreach (NamespaceFlags kind in NamespaceKinds.All)
        {
            if (arguments.Has(NamespacePins.OptionOf(kind))) kinds |= kind;
        }
        return kinds;
    }

    /// <summary>The kinds of <c>--type</c>; all where it was not given.</summary>
    public static NamespaceFlags Types(ParsedArguments arguments)
    {
        NamespaceFlags types = NamespaceFlags.None;
        foreach (string type in arguments.Values("type")) types |= NamespaceKinds.Parse(type)!.Value;
        return types == NamespaceFlags.None ? (NamespaceFlags)ulong.MaxValue : types;
    }

    /// <summary>Runs a verb's body; what the rooms below throw becomes the error of the command line.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="body">The work.</param>
    /// <param name="failure">The exit code of a failure.</param>
    public static int Guard(ParsedArguments arguments, Func<ParsedArguments, int> body, int failure = 125)
    {
        try
        {
            return body(arguments);
        }
        catch (LittleboxException error)
        {
            int code = error.Kind switch
            {
                ErrorKind.CommandNotFound => 127,
                ErrorKind.CommandNotExecutable => 126,
                _ => failure,
            };
            throw new CommandException(error.Message, code, [.. error.Details]);
        }
        catch (SystemCallException error)
        {
            throw new CommandException($"the system does not allow it: {error.Error.Describe()}", failure, error.Message);
        }
    }

    /// <summary>Says on standard error what the survey could not see.</summary>
    public static void TellHidden(NamespaceSurvey survey)
    {
        if (survey.HiddenProcesses > 0)
            Output.WriteErrorLine($"littlebox: {Count(survey.HiddenProcesses, "process", "processes")} may not be looked into{AsRoot}: what only {(survey.HiddenProcesses == 1 ? "it holds" : "they hold")} is missing here");
        if (survey.HiddenMountNamespaces > 0)
            Output.WriteErrorLine($"littlebox: {Count(survey.HiddenMountNamespaces, "mount namespace", "mount namespaces")} may not be entered{AsRoot}: mounts in there are missing here");
    }

    /// <summary>A number with its noun.</summary>
    public static string Count(int number, string one, string several) => number == 1 ? $"1 {one}" : $"{number} {several}";

    private static string AsRoot => Kernel.EffectiveUid == 0 ? "" : " by this user";
}
