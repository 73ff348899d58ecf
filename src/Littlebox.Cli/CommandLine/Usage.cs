namespace Littlebox.Cli.CommandLine;

/// <summary>The one line that shows the shape of a command line.</summary>
internal static class Usage
{
    /// <summary><c>littlebox run [OPTIONS] ROOT [COMMAND…]</c></summary>
    public static string Line(VerbSpec verb)
    {
        string options = AnyOption(verb) ? " [OPTIONS]" : "";
        return verb.Arguments.Length == 0 ? $"littlebox {verb.Name}{options}" : $"littlebox {verb.Name}{options} {verb.Arguments}";
    }

    private static bool AnyOption(VerbSpec verb)
    {
        foreach (OptionSpec option in verb.Options)
        {
            if (!option.Hidden) return true;
        }
        return false;
    }
}
