using Littlebox.Linux;

namespace Littlebox.OciCli.CommandLine;

/// <summary>A command line that cannot be read; the help is printed before the error.</summary>
internal sealed class UsageException(string sentence) : LittleboxException(ErrorKind.InvalidArgument, sentence)
{
    /// <summary>The verb whose flags or words are wrong; <c>null</c> for the global ones.</summary>
    public Verb? Verb { get; init; }
}
