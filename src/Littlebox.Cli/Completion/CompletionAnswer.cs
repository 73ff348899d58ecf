namespace Littlebox.Cli.Completion;

/// <summary>What a shell may add by itself to the candidates.</summary>
internal enum ShellHelp
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Paths of files.</summary>
    Files,

    /// <summary>Paths of directories.</summary>
    Directories,

    /// <summary>Names of programs.</summary>
    Commands,
}

/// <summary>The candidates for the word at the cursor. Filled by <see cref="CompletionEngine"/>.</summary>
internal sealed class CompletionAnswer
{
    /// <summary>Each candidate is the whole word, with what it means or an empty string.</summary>
    public List<(string Value, string Meaning)> Candidates { get; } = [];

    /// <summary>What the shell adds.</summary>
    public ShellHelp Help { get; set; }

    /// <summary>The beginning of the word that belongs to us, and behind which the shell's own candidates stand: <c>--pidfile=</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// The lines that the scripts read: <c>VALUE tab MEANING</c> for each candidate, and at last <c>:HELP tab PREFIX</c>,
    /// where HELP is none, files, directories or commands.
    /// </summary>
    public string Lines()
    {
        var text = new System.Text.StringBuilder();
        foreach ((string value, string meaning) in Candidates) text.Append(value).Append('\t').Append(meaning).Append('\n');
        return text.Append(':').Append(Word(Help)).Append('\t').Append(Prefix).Append('\n').ToString();
    }

    private static string Word(ShellHelp help) => help switch
    {
        ShellHelp.Files => "files",
        ShellHelp.Directories => "directories",
        ShellHelp.Commands => "commands",
        _ => "none",
    };
}
