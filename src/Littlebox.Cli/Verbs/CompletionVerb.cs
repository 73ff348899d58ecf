using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox completion SHELL</c>.</summary>
internal static class CompletionVerb
{
    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "completion",
        Summary = "print the completion script for a shell",
        Arguments = "bash|zsh|fish",
        Description = "Prints a script that teaches the shell to complete verbs, options, container names and roots. It asks the installed littlebox at each TAB, so it does not age.",
        LeastWords = 1,
        MostWords = 1,
        WordChoices = ["bash", "zsh", "fish"],
        Examples =
        [
            ("source <(littlebox completion bash)", "bash: in this shell, or as a line of ~/.bashrc"),
            ("littlebox completion zsh > ~/.zfunc/_littlebox", "zsh: a directory of $fpath, before compinit"),
            ("littlebox completion fish > ~/.config/fish/completions/littlebox.fish", "fish"),
        ],
        Run = CompletionCommand.PrintScript,
    };
}
