namespace Littlebox.Cli;

/// <summary>The version of this program.</summary>
internal static class ProductVersion
{
    /// <summary>The version: <c>0.1.0</c>. The build writes it (see the project file), since reading it from the assembly costs start-up time.</summary>
    public const string Text = BuildConstants.Version;

    /// <summary>What <c>littlebox --version</c> prints, newline included.</summary>
    public const string Line = $"littlebox {Text}\n";
}
