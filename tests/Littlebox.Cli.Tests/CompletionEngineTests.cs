using Littlebox.Cli.Completion;

namespace Littlebox.Cli.Tests;

public sealed class CompletionEngineTests
{
    private static CompletionAnswer Complete(params string[] words) => new CompletionEngine(() => ["web", "db"]).Complete(words);

    private static string[] Values(params string[] words) => [.. Complete(words).Candidates.Select(candidate => candidate.Value)];

    [Fact]
    public void Verbs_come_first_and_groups_are_one_word()
    {
        Assert.Equal(["run"], Values("ru"));
        Assert.Equal(["ns"], Values("n"));
        Assert.Equal(["ns ls", "ns new"], Values("ns", "").Where(verb => verb is "ls" or "new").Select(verb => $"ns {verb}"));
        Assert.DoesNotContain("__complete", Values(""));
        Assert.Equal(["--help", "--version"], Values("--"));
    }

    [Fact]
    public void Options_are_offered_once_unless_they_repeat()
    {
        Assert.Equal(["--hostname"], Values("run", "--ho"));
        Assert.Empty(Values("run", "--hostname", "x", "--ho"));
        Assert.Equal(["--env"], Values("run", "-e", "A=1", "--env", "B=2", "--en"));
        Assert.Empty(Values("run", "--inject"));
    }

    [Fact]
    public void Options_end_where_the_parser_ends_them()
    {
        Assert.Empty(Values("run", "default", "--ho"));
        Assert.Empty(Values("run", "--", "--ho"));
        Assert.Empty(Values("run", "-it", "default", "--ho"));
        Assert.Equal(["--json"], Values("ns", "ls", "web", "--js"));
    }

    [Fact]
    public void Roots_are_words_or_paths()
    {
        Assert.Equal(["default", "host", "./", "/"], Values("run", "--rm", ""));
        Assert.Equal(ShellHelp.None, Complete("run", "").Help);
        Assert.Equal(ShellHelp.Files, Complete("run", "/sr").Help);
        Assert.Equal(ShellHelp.Files, Complete("run", "./").Help);
        Assert.Equal(ShellHelp.Commands, Complete("run", "default", "").Help);
        Assert.Equal(ShellHelp.Files, Complete("run", "default", "cat", "").Help);
    }

    [Fact]
    public void Modes_of_namespaces_name_the_containers()
    {
        string[] modes = ["private", "host", "container:web", "container:db", "ns:"];
        Assert.Equal(modes, Values("run", "--net", ""));
        Assert.Equal(modes.Select(mode => "--net=" + mode), Values("run", "--net="));
        CompletionAnswer path = Complete("run", "--net=ns:/run/ne");
        Assert.Equal((ShellHelp.Files, "--net=ns:"), (path.Help, path.Prefix));
    }

    [Fact]
    public void Containers_and_targets_are_completed()
    {
        Assert.Equal(["web", "db"], Values("exec", "-it", ""));
        Assert.Equal(["web"], Values("exec", "-u", "root", "w"));
        Assert.Equal(["web", "db", "host"], Values("ns", "diff", "web", ""));
        Assert.Empty(Values("ns", "diff", "web", "db", ""));
    }

    [Fact]
    public void Choices_are_completed_behind_both_names()
    {
        Assert.Equal(["cgroup"], Values("ns", "ls", "-t", "c"));
        Assert.Equal(["--type=cgroup"], Values("ns", "ls", "--type=c"));
        Assert.Equal(["bash", "zsh", "fish"], Values("completion", ""));
    }

    [Fact]
    public void Explain_completes_as_run_does()
    {
        Assert.Equal(["run"], Values("explain", ""));
        Assert.Equal(["--as-shell"], Values("explain", "--as"));
        Assert.Equal(["--hostname"], Values("explain", "--json", "run", "--ho"));
        Assert.Equal(ShellHelp.Files, Complete("explain", "run", "-v", "/s").Help);
    }

    [Fact]
    public void The_answer_is_lines_with_tabs()
    {
        var answer = new CompletionAnswer { Help = ShellHelp.Files, Prefix = "--pidfile=" };
        answer.Candidates.Add(("web", "container"));
        Assert.Equal("web\tcontainer\n:files\t--pidfile=\n", answer.Lines());
    }

    [Fact]
    public void Nonsense_has_no_completion()
    {
        Assert.Empty(Values("nonsense", ""));
        Assert.Empty(Values("run", "--nonsense="));
        Assert.Empty(Values("run", "--=x"));
    }
}
