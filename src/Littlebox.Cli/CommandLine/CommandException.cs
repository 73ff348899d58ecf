namespace Littlebox.Cli.CommandLine;

/// <summary>A verb cannot do what was asked. Printed as <c>littlebox: sentence</c>, the details indented below; then littlebox exits.</summary>
internal class CommandException : Exception
{
    /// <summary>Makes an error for people.</summary>
    /// <param name="sentence">What, why likely, and what to do; no full stop at the end.</param>
    /// <param name="exitCode">The exit code of littlebox.</param>
    /// <param name="details">Lines below the sentence: the call as strace prints it, the valid forms.</param>
    public CommandException(string sentence, int exitCode = 125, params string[] details)
        : base(sentence)
    {
        ExitCode = exitCode;
        Details = details;
    }

    /// <summary>The exit code of littlebox.</summary>
    public int ExitCode { get; }

    /// <summary>Lines below the sentence.</summary>
    public string[] Details { get; }
}
