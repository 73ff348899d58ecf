using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Completion;
using Littlebox.Cli.Terminal;

namespace Littlebox.Cli.Verbs;

/// <summary>The work of <c>completion</c> and <c>__complete</c>.</summary>
internal static class CompletionCommand
{
    /// <summary>Prints the script of a shell.</summary>
    public static int PrintScript(ParsedArguments arguments)
    {
        Output.Write(Script(arguments.Words[0]));
        return 0;
    }

    /// <summary>Answers a script: <c>containers</c> prints their names; <c>line WORD…</c> completes the last word.</summary>
    public static int Answer(ParsedArguments arguments)
    {
        if (arguments.Words[0] == "containers")
        {
            foreach (string name in ContainerNames.Running()) Output.WriteLine(name);
            return 0;
        }
        var engine = new CompletionEngine(ContainerNames.Running);
        Output.Write(engine.Complete([.. arguments.Words.Skip(1)]).Lines());
        return 0;
    }

    private static string Script(string shell) => shell switch
    {
        "bash" => BashScript.Text,
        "zsh" => ZshScript.Text,
        _ => FishScript.Text,
    };
}
