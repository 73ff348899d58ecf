using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary>The body of a verb that this build does not have yet.</summary>
internal static class NotBuiltIn
{
    /// <summary>Says so.</summary>
    public static int Run(ParsedArguments arguments) => throw new CommandException($"'littlebox {arguments.Verb.Name}' is not built in yet");
}
