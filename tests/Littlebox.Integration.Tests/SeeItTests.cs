using System.Text.Json;

namespace Littlebox.Integration.Tests;

/// <summary><c>explain</c>, <c>--trace</c> and <c>--step</c>: the plan as people and programs see it.</summary>
public sealed class SeeItTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;

    public SeeItTests() => root = sandbox.MakeRoot();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void Explain_touches_nothing_and_tells_each_step_with_why_call_and_command()
    {
        using var leaks = new LeakCheck("/run/littlebox", "/var/lib/littlebox", sandbox.Path);
        string text = NativeBinary.Run("explain", "run", "--hostname", "web", "-v", $"{sandbox.Path}:/data", root, "true").ExpectSuccess().Output;
        foreach (string words in new[] { "On the host", "Inside the container", "sethostname(\"web\", 3)", "$ hostname web", "pivot_root(", "$ pivot_root", "$ mount -t proc", "(--hostname)", "umount2(" })
            Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_json_has_every_field_of_every_step()
    {
        using JsonDocument plan = JsonDocument.Parse(NativeBinary.Run("explain", "--json", "run", root, "true").ExpectSuccess().Output);
        JsonElement[] steps = [.. plan.RootElement.GetProperty("steps").EnumerateArray()];
        Assert.True(steps.Length > 15);
        for (int i = 0; i < steps.Length; i++)
        {
            Assert.Equal(i + 1, steps[i].GetProperty("number").GetInt32());
            Assert.False(string.IsNullOrEmpty(steps[i].GetProperty("title").GetString()));
            Assert.False(string.IsNullOrEmpty(steps[i].GetProperty("why").GetString()));
            Assert.Contains(steps[i].GetProperty("where").GetString(), new[] { "host", "inside" });
            Assert.Equal(JsonValueKind.Array, steps[i].GetProperty("calls").ValueKind);
            Assert.Equal(JsonValueKind.Array, steps[i].GetProperty("shell").ValueKind);
        }
    }

    [Fact]
    public void The_calls_that_explain_prints_are_those_that_strace_sees()
    {
        string[] explained = [.. JsonDocument.Parse(NativeBinary.Run("explain", "--json", "run", "--name", "seen", root, "true").ExpectSuccess().Output).RootElement.GetProperty("steps")
            .EnumerateArray().Where(step => step.GetProperty("where").GetString() == "inside").SelectMany(step => step.GetProperty("calls").EnumerateArray())
            .Select(call => call.GetString()!.Split('(')[0])];
        string trace = sandbox["strace"];
        Program.Run("strace", ["-f", "-o", trace, NativeBinary.Location, "run", "--name", "seen", root, "true"]).ExpectSuccess();
        string[] lines = File.ReadAllLines(trace);
        // The child begins with close_range and ends with its execve.
        string child = lines.First(line => line.Contains(" close_range(3,", StringComparison.Ordinal)).Split(' ')[0];
        string[] seen = [.. lines.Where(line => line.StartsWith(child + " ", StringComparison.Ordinal) && !line.Contains("<... ", StringComparison.Ordinal))
            .Select(line => line[(child.Length + 1)..].TrimStart().Split('(')[0]).SkipWhile(name => name == "close_range").TakeWhile(name => name != "execve")];
        foreach (string name in explained.Distinct().Where(name => name is not "execve" and not "rt_sigaction" and not "exit_group" && !name.Contains(' ', StringComparison.Ordinal)))
            Assert.True(seen.Contains(name), $"{name} is explained and never called");
        foreach (string name in seen.Distinct())
            Assert.True(explained.Contains(name) || name is "rt_sigaction" or "recvfrom" or "close", $"{name} is called and not explained");
    }

    [Fact]
    public void The_trace_has_a_line_for_each_step_with_its_microseconds()
    {
        RunResult result = NativeBinary.Run("run", "--trace", root, "echo", "ran").ExpectExit(0);
        Assert.Equal("ran\n", result.Output);
        int steps = JsonDocument.Parse(NativeBinary.Run("explain", "--json", "run", root, "echo", "ran").ExpectSuccess().Output).RootElement.GetProperty("steps").GetArrayLength();
        string[] lines = [.. result.Errors.Split('\n').Where(line => line.Contains(" host ", StringComparison.Ordinal) || line.Contains(" inside ", StringComparison.Ordinal))];
        Assert.Equal(steps, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^ +\d+  (host|inside) +\d+\.\d +\d+\.\d  \S", line));
    }

    [Fact]
    public void The_trace_file_is_one_that_chrome_and_perfetto_read()
    {
        NativeBinary.Run("run", $"--trace={sandbox["trace.json"]}", root, "true").ExpectSuccess();
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllBytes(sandbox["trace.json"]));
        JsonElement[] events = [.. trace.RootElement.GetProperty("traceEvents").EnumerateArray()];
        // The Trace Event Format: complete events (X) with ts and dur in microseconds, names of threads as metadata (M).
        Assert.Equal(2, events.Count(one => one.GetProperty("ph").GetString() == "M"));
        JsonElement[] complete = [.. events.Where(one => one.GetProperty("ph").GetString() == "X")];
        Assert.True(complete.Length > 15);
        Assert.All(complete, one => Assert.True(one.GetProperty("ts").GetDouble() >= 0 && one.GetProperty("dur").GetDouble() >= 0 && one.GetProperty("name").GetString()!.Length > 0));
    }

    [Fact]
    public void Step_by_step_next_shows_command_why_and_state_and_continue_goes_on()
    {
        using var terminal = new PseudoTerminal(60, 120);
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "--step", "--hostname", "stepped", root, "hostname");
        GoTo(terminal, "$ hostname stepped");
        string before = terminal.Output;
        terminal.Type("n\n");
        // What the step has changed is told by the kernel's own state.
        for (int tries = 0; tries < 1000 && !terminal.Output[before.Length..].Contains("stepped", StringComparison.Ordinal); tries++) Thread.Sleep(10);
        Assert.Contains("stepped", terminal.Output[before.Length..], StringComparison.Ordinal);
        terminal.Type("c\n");
        Assert.Equal(0, running.WaitForEnd().ExitCode);
        Assert.EndsWith("stepped\n", terminal.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q\n")]
    [InlineData("\x03")]
    public void Step_by_step_ends_with_q_and_ctrl_c_and_everything_is_undone(string key)
    {
        using var leaks = new LeakCheck();
        using var terminal = new PseudoTerminal(60, 120);
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "--step", root, "true");
        GoTo(terminal, "Step 6 of");
        terminal.Type(key);
        Assert.Equal(125, running.WaitForEnd().ExitCode);
    }

    [Fact]
    public void Step_by_step_a_shell_is_inside_the_half_made_container()
    {
        using var terminal = new PseudoTerminal(60, 120);
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run", "--step", "--hostname", "half-made", root, "true");
        GoTo(terminal, "Step 8 of");
        terminal.Type("s\n");
        terminal.WaitFor("[step 8]");
        terminal.Type("echo name $(hostname)\n");
        terminal.WaitFor("name half-made\n");
        terminal.Type("exit\n");
        terminal.WaitFor("step 8> ", 2);
        terminal.Type("c\n");
        Assert.Equal(0, running.WaitForEnd().ExitCode);
    }

    // Takes one step after the other until a text is there, and its prompt.
    private static void GoTo(PseudoTerminal terminal, string text)
    {
        for (int prompts = 1; ; prompts++)
        {
            terminal.WaitFor("h(elp)", prompts);
            if (terminal.Output.Contains(text, StringComparison.Ordinal)) return;
            terminal.Type("n\n");
        }
    }
}
