using Littlebox.Cli.Verbs;

namespace Littlebox.Cli.CommandLine;

/// <summary>
/// All verbs. The table of a verb is built when somebody asks for that verb: <c>littlebox run</c> does not pay for the words of <c>doctor</c>.
/// </summary>
internal static class VerbTable
{
    /// <summary>The names of all verbs, in the order of the help.</summary>
    public static string[] Names =>
    [
        "run", "exec", "ps", "explain", "learn", "doctor",
        "ns ls", "ns tree", "ns who", "ns diff", "ns enter", "ns new", "ns pin", "ns unpin", "ns gc",
        "completion", "help", "version", "man", "__complete",
    ];

    /// <summary>The verb of that name, or <c>null</c>.</summary>
    public static VerbSpec? Find(string name) => name switch
    {
        "run" => RunVerb.Spec,
        "exec" => ExecVerb.Spec,
        "ps" => PsVerb.Spec,
        "explain" => ExplainVerb.Spec,
        "learn" => LearnVerb.Spec,
        "doctor" => DoctorVerb.Spec,
        "ns ls" => NsLsVerb.Spec,
        "ns tree" => NsTreeVerb.Spec,
        "ns who" => NsWhoVerb.Spec,
        "ns diff" => NsDiffVerb.Spec,
        "ns enter" => NsEnterVerb.Spec,
        "ns new" => NsNewVerb.Spec,
        "ns pin" => NsPinVerb.Spec,
        "ns unpin" => NsUnpinVerb.Spec,
        "ns gc" => NsGcVerb.Spec,
        "completion" => CompletionVerb.Spec,
        "help" => HelpVerb.Spec,
        "version" => VersionVerb.Spec,
        "man" => ManVerb.Spec,
        "__complete" => CompleteVerb.Spec,
        _ => null,
    };

    /// <summary>True for the first word of verbs of two words.</summary>
    public static bool IsGroup(string word) => word is "ns";

    /// <summary>What the verbs of a group have in common, for the overview.</summary>
    public static string GroupSummary(string group) => group switch
    {
        "ns" => "look into namespaces, keep them and enter them",
        _ => "",
    };

    /// <summary>The verb that the first words name, with the number of words that its name takes.</summary>
    /// <returns><c>null</c> where they name none.</returns>
    public static VerbSpec? Find(ReadOnlySpan<string> words, out int used)
    {
        used = 0;
        if (words.IsEmpty) return null;
        bool isGroup = IsGroup(words[0]);
        if (isGroup && words.Length < 2) return null;
        used = isGroup ? 2 : 1;
        return Find(isGroup ? $"{words[0]} {words[1]}" : words[0]);
    }
}
