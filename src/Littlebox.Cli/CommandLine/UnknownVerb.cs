namespace Littlebox.Cli.CommandLine;

/// <summary>The error for a first word that is no verb.</summary>
internal static class UnknownVerb
{
    /// <summary>Names what was typed and, where there is one, the verb that was probably meant.</summary>
    public static CommandException Error(ReadOnlySpan<string> words)
    {
        string first = words[0];
        if (first.StartsWith('-')) return new CommandException($"unknown option {first} before the verb", 2, "usage: littlebox VERB [OPTIONS] …", "see 'littlebox help'");
        string typed = VerbTable.IsGroup(first) && words.Length > 1 ? $"{first} {words[1]}" : first;
        List<string> names = ["ns"];
        foreach (string name in VerbTable.Names)
        {
            if (!VerbTable.Find(name)!.Hidden) names.Add(name);
        }
        string? nearest = VerbTable.Find($"ns {typed}")?.Name ?? Nearest.Of(typed, names);
        string hint = nearest is null ? "" : $"; did you mean 'littlebox {nearest}'?";
        return new CommandException($"there is no verb '{typed}'{hint}", 2, "see 'littlebox help'");
    }
}
