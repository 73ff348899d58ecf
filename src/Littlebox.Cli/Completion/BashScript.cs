namespace Littlebox.Cli.Completion;

/// <summary>The completion script for bash.</summary>
internal static class BashScript
{
    /// <summary>
    /// The script. bash breaks words at <c>=</c> and <c>:</c> and replaces only what stands behind the last of them, so the words are put together
    /// again from COMP_LINE first, and what bash does not replace is cut from the candidates at last.
    /// </summary>
    public const string Text = """
        # bash completion for littlebox; made by 'littlebox completion bash'
        _littlebox() {
            local program=${1/#"~/"/"$HOME/"} rest=${COMP_LINE:0:COMP_POINT} lead piece index current kept='' value meaning help=none prefix=''
            local -a words=() paths=()
            for ((index = 0; index <= COMP_CWORD; index++)); do
                piece=${COMP_WORDS[index]}
                lead=${rest%%[![:space:]]*}
                rest=${rest#"$lead"}
                ((index < COMP_CWORD)) || piece=$rest
                if ((index == 0)) || [[ $lead ]]; then words+=("$piece"); else words[${#words[@]} - 1]+=$piece; fi
                rest=${rest#"$piece"}
            done
            current=${words[${#words[@]} - 1]}
            if [[ $COMP_WORDBREAKS == *[=:]* && $current == *[=:]* ]]; then kept=${current%"${current##*[=:]}"}; fi

            COMPREPLY=()
            while IFS=$'\t' read -r value meaning; do
                if [[ $value == :* ]]; then
                    help=${value#:} prefix=$meaning
                else
                    COMPREPLY+=("${value#"$kept"}")
                fi
            done < <("$program" __complete line "${words[@]:1}" 2>/dev/null)

            case $help in
                files) mapfile -t paths < <(compgen -f -- "${current#"$prefix"}") ;;
                directories) mapfile -t paths < <(compgen -d -- "${current#"$prefix"}") ;;
                commands) mapfile -t paths < <(compgen -c -- "${current#"$prefix"}"; compgen -f -- "${current#"$prefix"}") ;;
            esac
            if ((${#paths[@]})); then
                compopt -o filenames 2>/dev/null
                for piece in "${paths[@]}"; do
                    piece=$prefix$piece
                    COMPREPLY+=("${piece#"$kept"}")
                done
            elif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:/] ]]; then
                compopt -o nospace 2>/dev/null
            fi
        }
        complete -F _littlebox littlebox

        """;
}
