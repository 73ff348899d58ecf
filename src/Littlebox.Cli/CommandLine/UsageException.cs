namespace Littlebox.Cli.CommandLine;

/// <summary>The command line itself is wrong: the sentence, and below it the usage line and where the help is.</summary>
internal sealed class UsageException : CommandException
{
    /// <summary>Makes the error for a verb's command line.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="sentence">What is wrong, the option named and the valid forms shown.</param>
    public UsageException(VerbSpec verb, string sentence)
        : base(sentence, verb.UsageExitCode, $"usage: {Usage.Line(verb)}", $"see 'littlebox {verb.Name} --help'")
    {
    }
}
