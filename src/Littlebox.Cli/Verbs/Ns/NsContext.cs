using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary>What all <c>ns</c> verbs share: where pins and containers are, which kinds were asked for, what could not be seen.</summary>
internal static class NsContext
{
    /// <summary>The pins of this machine.</summary>
    public static NamespacePins Pins { get; } = new();

    /// <summary>Turns words into namespaces.</summary>
    public static TargetResolver Targets { get; } = new(new RunningContainers(), Pins);

    /// <summary>Which namespaces a word means. They are closed again at once, so that a survey does not find us among their holders.</summary>
    public static HashSet<NamespaceId> Identify(string word)
    {
        using OpenNamespaces target = Targets.Open(word);
        return [.. target.Kinds.Select(kind => target[kind]!.Value)];
    }

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
