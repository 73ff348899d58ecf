namespace Littlebox.Cli.Tests;

/// <summary>The completion scripts in the shells that they are for.</summary>
public sealed class ShellCompletionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("littlebox-completion-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("littlebox ru", "run")]
    [InlineData("littlebox ns pi", "pin")]
    [InlineData("littlebox run --ho", "--hostname")]
    [InlineData("littlebox run --net=pr", "private")]
    [InlineData("littlebox run --net pr", "private")]
    [InlineData("littlebox run --net=ns:/etc/hostn", "/etc/hostname")]
    [InlineData("littlebox run --pidfile=/etc/hostn", "/etc/hostname")]
    [InlineData("littlebox run -v /etc/hostn", "/etc/hostname")]
    [InlineData("littlebox run /etc/hostn", "/etc/hostname")]
    [InlineData("littlebox run def", "default")]
    [InlineData("littlebox explain run --read", "--read-only")]
    public void Bash_completes(string line, string expected)
    {
        // bash's own division into words: at blanks, and at = and : of COMP_WORDBREAKS.
        const string Script = """
            source <(littlebox completion bash)
            COMP_LINE=$1 COMP_POINT=${#1}
            read -ra COMP_WORDS <<<"${1//=/ = }"
            words=("${COMP_WORDS[@]}") COMP_WORDS=()
            for word in "${words[@]}"; do
                if [[ $word == *:* ]]; then COMP_WORDS+=("${word%%:*}" : "${word#*:}"); else COMP_WORDS+=("$word"); fi
            done
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _littlebox littlebox
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        (int exitCode, string output, string error) = Tool.Run("bash", "-c", Script, "bash", line);
        Assert.Equal((0, "", expected + "\n"), (exitCode, error, output));
    }

    [Theory]
    [InlineData("littlebox ru", "run")]
    [InlineData("littlebox ns pi", "pin")]
    [InlineData("littlebox run --ho", "--hostname")]
    [InlineData("littlebox run --net=pr", "--net=private")]
    [InlineData("littlebox run --net=ns:/etc/hostn", "--net=ns:/etc/hostname")]
    [InlineData("littlebox run -v /etc/hostn", "/etc/hostname")]
    [InlineData("littlebox explain run --read", "--read-only")]
    public void Fish_completes(string line, string expected)
    {
        Tool.Require("fish");
        (int exitCode, string output, string error) = Tool.Run("fish", ["-N", "-c", "littlebox completion fish | source; complete -C $argv[1]", line], new() { ["HOME"] = folder });
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(expected, output.TrimEnd().Split('\t')[0]);
    }

    [Fact]
    public void Zsh_completes_on_a_terminal()
    {
        Tool.Require("zsh");
        File.WriteAllText($"{folder}/_littlebox", Tool.Run(Tool.Littlebox, "completion", "zsh").Output);
        (string Line, string Expected)[] cases =
        [
            ("littlebox ru", "littlebox run "),
            ("littlebox run --ho", "littlebox run --hostname "),
            ("littlebox run --net=pr", "littlebox run --net=private "),
            ("littlebox run --net=ns:/etc/hostn", "littlebox run --net=ns:/etc/hostname "),
            ("littlebox run /etc/hostn", "littlebox run /etc/hostname "),
            ("littlebox ns who -t cg", "littlebox ns who -t cgroup "),
        ];
        // An interactive zsh on a terminal of its own: a key shows the line as it stands after the TAB, between marks.
        const string Script = """
            zmodload zsh/zpty
            folder=$1; shift
            zpty shell zsh -f -i
            zpty -w shell "PS1=; fpath=($folder \$fpath); autoload -U compinit; compinit -u -d $folder/dump; show() { print -r -- \"<<\$BUFFER>>\"; BUFFER=; }; zle -N show; bindkey '^X' show; print rea''dy"
            zpty -r -m shell seen '*ready*'
            for line; do
                zpty -w -n shell $line$'\t\x18'
                zpty -r -m shell seen '*<<*>>*'
                seen=${seen##*<<}
                print -r -- ${seen%%>>*}
            done
            zpty -d shell
            """;
        (int exitCode, string output, string error) = Tool.Run("timeout", ["150", "zsh", "-f", "-c", Script, "zsh", folder, .. cases.Select(item => item.Line)], new() { ["HOME"] = folder, ["TERM"] = "xterm" });
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(cases.Select(item => item.Expected), output.TrimEnd('\n').Split('\n'));
    }
}
