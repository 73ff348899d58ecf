namespace Littlebox.Integration.Tests;

/// <summary><c>learn</c>: every chapter on the real machine, by root and by an ordinary user, and every way to end it.</summary>
public sealed class LearnTests
{
    private static readonly string[] Chapters = ["namespaces", "hostname", "root", "proc", "pivot_root", "mounts", "inodes", "permanent"];

    /// <summary>The default root is unpacked once and stays; that is no leak.</summary>
    public LearnTests() => NativeBinary.Run("run", "default", "true").ExpectSuccess();

    [Fact]
    public void Learn_plays_all_chapters_by_itself_and_leaves_nothing()
    {
        using var leaks = new LeakCheck();
        string output = NativeBinary.Run("learn", "--yes").ExpectSuccess().Output;
        ExpectChapters(output, 1);
        ExpectWalkthrough(output, Linux.Kernel.Uname().Node);
        Assert.Contains("/run/littlebox/learn-", output, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_ordinary_user_learns_all_of_it_in_a_user_namespace(bool subordinateIds)
    {
        using var user = new OrdinaryUser(subordinateIds);
        user.Run("run", "default", "true").ExpectSuccess();
        using var leaks = new LeakCheck(user.Home);
        string output = user.Run("learn", "--yes").ExpectSuccess().Output;
        ExpectChapters(output, 1);
        ExpectWalkthrough(output, Linux.Kernel.Uname().Node);
        Assert.Contains("~ user namespace: user:[", output, StringComparison.Ordinal);
        Assert.Contains("Write the child's id maps", output, StringComparison.Ordinal);
        Assert.Contains("It is kept, not permanent", Flat(output), StringComparison.Ordinal);
        leaks.Compare();
    }

    [Theory]
    [InlineData("pivot_root", 5)]
    [InlineData("5", 5)]
    [InlineData("inodes", 7)]
    [InlineData("8", 8)]
    public void A_chapter_is_begun_by_its_name_or_its_number(string word, int first)
    {
        using var leaks = new LeakCheck();
        string output = NativeBinary.Run("learn", "--yes", word).ExpectSuccess().Output;
        ExpectChapters(output, first);
        leaks.Compare();
    }

    [Fact]
    public void The_chapters_are_listed_and_an_unknown_one_is_refused()
    {
        Assert.Equal(Chapters, NativeBinary.Run("learn", "--list").ExpectSuccess().Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        RunResult refused = NativeBinary.Run("learn", "--yes", "pivot").ExpectExit(2);
        Assert.Contains("pivot_root", refused.Errors, StringComparison.Ordinal);
        NativeBinary.Run("learn", "--yes", "9").ExpectExit(2);
    }

    [Fact]
    public void Without_a_terminal_learn_says_that_it_needs_one_or_yes()
    {
        using var leaks = new LeakCheck();
        RunResult refused = NativeBinary.Run("learn").ExpectExit(2);
        Assert.Contains("no terminal", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--yes", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("", refused.Output);
    }

    [Fact]
    public void Enter_takes_the_steps_and_a_shell_stands_in_the_half_made_container()
    {
        using var leaks = new LeakCheck();
        using var terminal = new PseudoTerminal(40, 120);
        string before = terminal.Settings;
        using RunningProgram running = terminal.Start("env", "PS1=", NativeBinary.Location, "learn", "hostname");
        terminal.WaitFor("Enter takes the steps");
        terminal.Type("s\n");
        terminal.WaitFor("littlebox learn] ");
        terminal.Type("echo name=$(uname -n); exit\n");
        terminal.WaitFor($"name={Linux.Kernel.Uname().Node}\n");
        terminal.WaitFor("Enter takes the steps", 2);
        terminal.Type("\n");
        terminal.WaitFor("Enter goes on");
        terminal.Type("s\n");
        terminal.WaitFor("littlebox learn] ", 2);
        terminal.Type("echo name=$(uname -n); exit\n");
        terminal.WaitFor("name=littlebox\n");
        terminal.WaitFor("Enter goes on", 2);
        terminal.Type("q\n");
        Assert.Equal(0, running.WaitForEnd().ExitCode);
        Assert.Contains("The lesson ends here", terminal.Output, StringComparison.Ordinal);
        Assert.Equal(before, terminal.Settings);
        leaks.Compare();
    }

    [Fact]
    public void A_shell_enters_the_kept_namespace_when_its_last_process_has_ended()
    {
        using var leaks = new LeakCheck();
        using var terminal = new PseudoTerminal(40, 120);
        using RunningProgram running = terminal.Start(NativeBinary.Location, "learn", "permanent");
        terminal.WaitFor("Enter pins it");
        terminal.Type("\n");
        terminal.WaitFor("Enter unpins it");
        terminal.Type("s\n");
        terminal.WaitFor("littlebox learn] ");
        terminal.Type("echo name=$(uname -n); exit\n");
        terminal.WaitFor("name=littlebox\n");
        terminal.WaitFor("Enter unpins it", 2);
        terminal.Type("\n");
        Assert.Equal(0, running.WaitForEnd().ExitCode);
        Assert.Contains("and it is gone", Flat(terminal.Output), StringComparison.Ordinal);
        leaks.Compare();
    }

    [Theory]
    [InlineData("namespaces", "Enter takes the steps", "q\n", 0)]
    [InlineData("namespaces", "Enter takes the steps", "\x03", 130)]
    [InlineData("namespaces", "Enter takes the steps", "\x04", 0)]
    [InlineData("mounts", "Enter takes the steps", "q\n", 0)]
    [InlineData("mounts", "Enter takes the steps", "\x03", 130)]
    [InlineData("mounts", "Enter takes the steps", "\x04", 0)]
    [InlineData("permanent", "Enter pins it", "\x03", 130)]
    [InlineData("permanent", "Enter pins it", "q\n", 0)]
    public void Wherever_a_lesson_ends_nothing_is_left(string chapter, string at, string keys, int code)
    {
        using var leaks = new LeakCheck();
        using var terminal = new PseudoTerminal();
        string before = terminal.Settings;
        using RunningProgram running = terminal.Start(NativeBinary.Location, "learn", chapter);
        terminal.WaitFor(at);
        terminal.Type(keys);
        Assert.Equal(code, running.WaitForEnd().ExitCode);
        Assert.Equal(before, terminal.Settings);
        leaks.Compare();
    }

    [Theory]
    [InlineData("\x03", 0)]
    [InlineData("q\n", 0)]
    [InlineData("\x04", 0)]
    [InlineData("", 9)]
    public void A_namespace_that_is_pinned_for_a_lesson_is_let_go_however_it_ends(string keys, int signal)
    {
        using var leaks = new LeakCheck();
        using var terminal = new PseudoTerminal();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "learn", "8");
        terminal.WaitFor("Enter pins it");
        terminal.Type("\n");
        terminal.WaitFor("Enter unpins it");
        if (signal != 0) running.Signal(signal);
        else terminal.Type(keys);
        running.WaitForEnd();
        leaks.Compare();
    }

    [Fact]
    public void A_lesson_that_is_killed_leaves_nothing_behind_the_next_command()
    {
        using var leaks = new LeakCheck();
        using var terminal = new PseudoTerminal();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "learn", "mounts");
        terminal.WaitFor("Enter takes the steps");
        running.Signal(9);
        Assert.Equal(137, running.WaitForEnd().ExitCode);
        NativeBinary.Run("ps").ExpectSuccess();
        leaks.Compare();
    }

    private static void ExpectChapters(string output, int first)
    {
        for (int number = 1; number <= Chapters.Length; number++) Assert.Equal(number >= first ? 1 : 0, output.Split($"Chapter {number} of {Chapters.Length}: ").Length - 1);
    }

    private static void ExpectWalkthrough(string output, string node)
    {
        foreach (string kind in new[] { "mnt", "uts", "ipc", "net", "pid", "cgroup" }) Assert.Contains($"~ {kind} namespace: {kind}:[", output, StringComparison.Ordinal);
        Assert.Contains($"~ host name: {node} → littlebox", output, StringComparison.Ordinal);
        Assert.Contains("+ mount: overlay on ", output, StringComparison.Ordinal);
        Assert.Contains("+ mount: proc on ", output, StringComparison.Ordinal);
        Assert.Contains("pivot_root(\".\", \".\")", output, StringComparison.Ordinal);
        Assert.Contains("\n    overlay on / type overlay", output, StringComparison.Ordinal);
        Assert.Contains("sleep 10000000", output, StringComparison.Ordinal);
        Assert.Contains("has no process in it and is alive only because of the bind mount", Flat(output), StringComparison.Ordinal);
        Assert.Contains("asked for the host name: littlebox", Flat(output), StringComparison.Ordinal);
        Assert.Contains("and it is gone", Flat(output), StringComparison.Ordinal);
        Assert.Contains("That is a container.", output, StringComparison.Ordinal);
    }

    // Paragraphs are broken where the line ends.
    private static string Flat(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
}
