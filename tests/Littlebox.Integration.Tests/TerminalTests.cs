namespace Littlebox.Integration.Tests;

/// <summary><c>-t</c> with a real terminal, and the standard streams without one.</summary>
public sealed class TerminalTests
{
    [Fact]
    public void A_command_has_a_terminal_of_the_container_s_own()
    {
        using var sandbox = new Sandbox();
        using var terminal = new PseudoTerminal(40, 100);
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "-i", "-t", sandbox.MakeRoot(), "sh", "-c",
            "tty; stty size; echo $TERM; ls -l /dev/console | cut -c1; readlink /proc/self/fd/0; read -r stat < /proc/$$/stat; set -- $stat; [ $7 != 0 ] && echo controlled; echo typed > /dev/console; ls /dev/pts");
        Assert.Equal(0, running.WaitForEnd().ExitCode);
        Assert.Equal(["/dev/pts/0", "40 100", "dumb", "c", "/dev/pts/0", "controlled", "typed", "0     ptmx"], terminal.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void The_container_s_terminal_follows_the_size_of_the_window()
    {
        using var sandbox = new Sandbox();
        using var terminal = new PseudoTerminal();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "-it", sandbox.MakeRoot(), "sh", "-c", "trap 'stty size; exit 5' WINCH; echo ready; while :; do sleep 0.05; done");
        terminal.WaitFor("ready");
        terminal.Resize(51, 132);
        terminal.WaitFor("51 132");
        Assert.Equal(5, running.WaitForEnd().ExitCode);
    }

    [Fact]
    public void Control_C_interrupts_the_command_inside_and_not_littlebox()
    {
        using var sandbox = new Sandbox();
        using var terminal = new PseudoTerminal();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "-it", sandbox.MakeRoot(), "sh", "-c", "trap 'echo interrupted; exit 7' INT; echo ready; while :; do sleep 0.05; done");
        terminal.WaitFor("ready");
        terminal.Type("\x03");
        Assert.Equal(7, running.WaitForEnd().ExitCode);
        Assert.Contains("interrupted", terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shell_inside_has_job_control()
    {
        using var sandbox = new Sandbox();
        using var terminal = new PseudoTerminal();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "-it", "-e", "PS1=prompt> ", sandbox.MakeRoot(), "sh");
        terminal.WaitFor("prompt> ");
        terminal.Type("sleep 1000\n");
        terminal.WaitFor("sleep 1000");
        WaitForProcess(running, "sleep 1000");
        terminal.Type("\x1a");
        terminal.WaitFor("Stopped");
        terminal.Type("jobs; fg\n");
        terminal.WaitFor("sleep 1000", 3);
        terminal.Type("\x03");
        terminal.WaitFor("prompt> ", 3);
        terminal.Type("exit 3\n");
        Assert.Equal(3, running.WaitForEnd().ExitCode);
    }

    [Theory]
    [InlineData("the command has ended", 0, "sh", "-c", "echo ready; read line")]
    [InlineData("the command was not found", 127, "no-such-command")]
    public void The_terminal_is_raw_meanwhile_and_as_before_after(string what, int code, params string[] command)
    {
        using var sandbox = new Sandbox();
        using var terminal = new PseudoTerminal();
        string before = terminal.Settings;
        using RunningProgram running = terminal.Start(NativeBinary.Location, ["run", "-it", sandbox.MakeRoot(), .. command]);
        if (code == 0)
        {
            terminal.WaitFor("ready");
            Assert.NotEqual(before, terminal.Settings);
            terminal.Type("\r");
        }
        Assert.Equal(code, running.WaitForEnd().ExitCode);
        Assert.True(before == terminal.Settings, what);
    }

    [Fact]
    public void The_terminal_is_as_before_after_a_step_that_failed()
    {
        using var sandbox = new Sandbox();
        using var terminal = new PseudoTerminal();
        string before = terminal.Settings, root = sandbox.MakeRoot();
        int last = System.Text.Json.JsonDocument.Parse(NativeBinary.Run("explain", "--json", "run", "-it", root, "true").Output).RootElement.GetProperty("steps").EnumerateArray()
            .Single(step => step.GetProperty("title").GetString() == "Execute the command").GetProperty("number").GetInt32();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "-it", $"--inject-fault={last}:EIO", root, "true");
        Assert.Equal(125, running.WaitForEnd().ExitCode);
        Assert.Equal(before, terminal.Settings);
        // The message itself is written to a terminal that is no longer raw, so its lines begin at the left.
        Assert.Contains("Execute the command: input/output error\n  injected fault", terminal.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 137)]
    [InlineData(15, 143)]
    [InlineData(1, 129)]
    public void The_terminal_is_as_before_after_littlebox_was_ended_by_a_signal(int signal, int code)
    {
        using var sandbox = new Sandbox();
        using var leaks = new LeakCheck();
        using var terminal = new PseudoTerminal();
        string before = terminal.Settings;
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "-it", sandbox.MakeRoot(), "sh", "-c", "echo ready; sleep 1000");
        terminal.WaitFor("ready");
        Assert.NotEqual(before, terminal.Settings);
        running.Signal(signal);
        Assert.Equal(code, running.WaitForEnd().ExitCode);
        terminal.WaitForSettings(before);
        NativeBinary.Run("ps").ExpectSuccess();
        leaks.Compare();
    }

    [Fact]
    public void What_is_typed_reaches_the_command_byte_by_byte()
    {
        using var sandbox = new Sandbox();
        using var terminal = new PseudoTerminal();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "-it", sandbox.MakeRoot(), "sh", "-c", "stty raw -echo; echo ready; head -c 4 | od -An -tx1");
        terminal.WaitFor("ready");
        terminal.Type("\x03\x1a\x04ä"[..3] + "z");
        terminal.WaitFor("03 1a 04 7a");
        Assert.Equal(0, running.WaitForEnd().ExitCode);
    }

    [Fact]
    public void The_end_of_a_piped_input_reaches_a_command_with_a_terminal()
    {
        using var sandbox = new Sandbox();
        RunResult result = NativeBinary.Run(["run", "-i", "-t", sandbox.MakeRoot(), "sh", "-c", "stty -echo; cat"], "one\ntwo\n").ExpectExit(0);
        Assert.Contains("one\r\ntwo\r\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_piped_input_reaches_a_command_in_the_middle_of_a_line()
    {
        using var sandbox = new Sandbox();
        RunResult result = NativeBinary.Run(["run", "-i", "-t", sandbox.MakeRoot(), "sh", "-c", "stty -echo; cat"], "no newline").ExpectExit(0);
        Assert.Contains("no newline", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_without_a_terminal_reaches_the_command_only_with_i()
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        Assert.Equal("given", NativeBinary.Run(["run", "-i", root, "cat"], "given").ExpectSuccess().Output);
        Assert.Equal("", NativeBinary.Run(["run", root, "cat"], "given").ExpectSuccess().Output);
    }

    [Theory]
    [InlineData("a pipe")]
    [InlineData("a terminal", "-t")]
    public void A_large_output_is_not_cut(string where, params string[] options)
    {
        using var sandbox = new Sandbox();
        RunResult result = NativeBinary.Run(["run", .. options, sandbox.MakeRoot(), "sh", "-c", "head -c 10485760 /dev/zero | tr '\\0' x; printf end"], limit: TimeSpan.FromMinutes(2)).ExpectSuccess();
        Assert.True(result.Output.Length == 10485763 && result.Output.EndsWith("xend", StringComparison.Ordinal), $"{where}: {result.Output.Length} bytes");
    }

    [Fact]
    public void A_large_input_is_not_cut()
    {
        using var sandbox = new Sandbox();
        Assert.Equal("10485760\n", NativeBinary.Run(["run", "-i", sandbox.MakeRoot(), "wc", "-c"], new string('x', 10485760), limit: TimeSpan.FromMinutes(2)).ExpectSuccess().Output);
    }

    [Fact]
    public void A_reader_that_goes_away_does_not_keep_the_container_alive()
    {
        using var sandbox = new Sandbox();
        using var leaks = new LeakCheck();
        Program.Bash($"{NativeBinary.Location} run -t {sandbox.MakeRoot()} yes | head -n 1; {NativeBinary.Location} run {sandbox["root"]} yes | head -n 1").ExpectExit(0);
    }

    [Fact]
    public void A_second_process_has_a_terminal_too()
    {
        using var sandbox = new Sandbox();
        using RunningProgram first = NativeBinary.Start("run", "--name", "with-terminal", sandbox.MakeRoot(), "sh", "-c", "echo ready; exec sleep 1000");
        first.WaitForOutput("ready");
        using var terminal = new PseudoTerminal(33, 77);
        string before = terminal.Settings;
        using RunningProgram running = terminal.Start(NativeBinary.Location, "exec", "-it", "with-terminal", "sh", "-c", "tty; stty size; read line; echo got $line; exit 9");
        terminal.WaitFor("33 77");
        terminal.Type("this\n");
        Assert.Equal(9, running.WaitForEnd().ExitCode);
        Assert.Contains("/dev/pts/0", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("got this", terminal.Output, StringComparison.Ordinal);
        Assert.Equal(before, terminal.Settings);
    }

    private static void WaitForProcess(RunningProgram above, string command)
    {
        for (int tries = 0; tries < 1000; tries++)
        {
            foreach (int id in Descendants.All().Keys)
            {
                if ((Linux.SmallFile.TryReadText($"/proc/{id}/cmdline") ?? "").Replace('\0', ' ').Trim() == command) return;
            }
            Thread.Sleep(10);
        }
        Assert.Fail($"no process “{command}” below {above.Id}");
    }
}
