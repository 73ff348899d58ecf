using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox version</c>, which <c>--version</c> is short for.</summary>
internal static class VersionVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "version",
        Summary = "print the version",
        Description = "Prints the name and the version, as 'littlebox --version' does.",
        Run = Run,
    };

    private static int Run(ParsedArguments arguments)
    {
        Output.Write(ProductVersion.Line);
        return 0;
    }
}
