namespace Littlebox.Cli.Completion;

/// <summary>The completion script for zsh: works as a file <c>_littlebox</c> of $fpath, and when it is sourced after compinit.</summary>
internal static class ZshScript
{
    /// <summary>The script.</summary>
    public const string Text = """
        #compdef littlebox
        # zsh completion for littlebox; made by 'littlebox completion zsh'
        _littlebox() {
            local value meaning help=none prefix=''
            local -a whole open
            while IFS=$'\t' read -r value meaning; do
                if [[ $value == :* ]]; then
                    help=${value#:} prefix=$meaning
                elif [[ $value == *[=:/] ]]; then
                    open+=("${value//:/\\:}:$meaning")
                else
                    whole+=("${value//:/\\:}:$meaning")
                fi
            done < <("${(Q)words[1]}" __complete line "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)

            local result=1
            (( $#whole )) && _describe -t values 'littlebox' whole && result=0
            (( $#open )) && _describe -t values 'littlebox' open -S '' && result=0
            [[ -z $prefix ]] || compset -P "${(b)prefix}"
            case $help in
                files) _files && result=0 ;;
                directories) _files -/ && result=0 ;;
                commands) _command_names -e && result=0; _files && result=0 ;;
            esac
            return result
        }
        if [[ $funcstack[1] == _littlebox ]]; then
            _littlebox "$@"
        else
            compdef _littlebox littlebox
        fi

        """;
}
