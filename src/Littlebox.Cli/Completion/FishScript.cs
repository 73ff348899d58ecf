namespace Littlebox.Cli.Completion;

/// <summary>The completion script for fish.</summary>
internal static class FishScript
{
    /// <summary>The script.</summary>
    public const string Text = """
        # fish completion for littlebox; made by 'littlebox completion fish'
        function __littlebox_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            set -l help none
            set -l prefix ''
            for line in ($words[1] __complete line $words[2..-1] "$current" 2>/dev/null)
                if string match -q ':*' -- $line
                    set -l parts (string split -m 1 \t -- $line)
                    set help (string sub -s 2 -- $parts[1])
                    set prefix $parts[2]
                else
                    echo $line
                end
            end
            set -l rest (string sub -s (math (string length -- "$prefix") + 1) -- "$current")
            switch $help
                case files
                    for path in (__fish_complete_path "$rest")
                        echo $prefix$path
                    end
                case directories
                    for path in (__fish_complete_directories "$rest")
                        echo $prefix$path
                    end
                case commands
                    complete -C "$rest"
                    __fish_complete_path "$rest"
            end
        end
        complete -c littlebox -f -a '(__littlebox_complete)'

        """;
}
