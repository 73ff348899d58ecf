using System.Text.Json;

namespace Littlebox.Integration.Tests;

/// <summary><c>exec</c> and <c>ps</c>, with a container that stays.</summary>
public sealed class ExecTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly RunningProgram container;
    private readonly string name = $"kept-{Environment.ProcessId}-{Environment.TickCount64}";

    public ExecTests()
    {
        container = NativeBinary.Start("run", "--name", name, "--hostname", "inside", "-e", "FROM=run", "--cap-drop", "MKNOD", sandbox.MakeRoot(), "sh", "-c", "echo ready; exec sleep 1000");
        container.WaitForOutput("ready");
    }

    public void Dispose()
    {
        container.Signal(15);
        container.WaitForEnd();
        container.Dispose();
        sandbox.Dispose();
    }

    [Fact]
    public void A_second_process_is_in_all_namespaces_of_the_container()
    {
        string[] first = Exec("sh", "-c", "for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/1/ns/$kind; done").Lines;
        string[] second = Exec("sh", "-c", "for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$kind; done; hostname; cat /proc/1/cmdline | tr '\\0' ' '").Lines;
        Assert.Equal([.. first, "inside", "sleep 1000 "], second);
    }

    [Fact]
    public void It_has_the_container_s_environment_and_capabilities_and_what_is_given()
    {
        string[] lines = Run(["exec", "-e", "MORE=exec", "-w", "/tmp", name, "sh", "-c", "echo $FROM $MORE $PWD; grep CapEff /proc/self/status"]).Lines;
        Assert.Equal(["run exec /tmp", "CapEff:\t00000000a00425fb"], lines);
    }

    [Fact]
    public void It_runs_as_a_user_of_the_container_s_root() => Assert.Equal("1000:1000\n", Run(["exec", "-u", "alice", name, "sh", "-c", "echo $(id -u):$(id -g)"]).Output);

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    public void The_exit_code_is_its_own(string script, int code) => NativeBinary.Run("exec", name, "sh", "-c", script).ExpectExit(code);

    [Fact]
    public void The_container_may_be_named_by_a_process_in_it()
    {
        int pid = JsonDocument.Parse(NativeBinary.Run("ps", "--json").ExpectSuccess().Output).RootElement.EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == name).GetProperty("pid").GetInt32();
        Assert.Equal("inside\n", Run(["exec", $"{pid}", "hostname"]).Output);
        NativeBinary.Run("exec", $"{Environment.ProcessId}", "hostname").ExpectExit(125);
    }

    [Fact]
    public void A_command_that_is_not_there_is_127_and_the_container_goes_on()
    {
        RunResult result = NativeBinary.Run("exec", name, "nowhere").ExpectExit(127);
        Assert.Contains("nowhere", result.Errors, StringComparison.Ordinal);
        Assert.Equal("alive\n", Exec("echo", "alive").Output);
    }

    [Fact]
    public void Input_and_signals_reach_it()
    {
        Assert.Equal("typed", NativeBinary.Run(["exec", "-i", name, "cat"], "typed").ExpectSuccess().Output);
        using RunningProgram running = NativeBinary.Start("exec", name, "sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done");
        running.WaitForOutput("ready");
        running.Signal(15);
        Assert.Equal(9, running.WaitForEnd().ExitCode);
    }

    [Fact]
    public void It_ends_with_the_littlebox_that_started_it()
    {
        using RunningProgram running = NativeBinary.Start("exec", name, "sh", "-c", "trap '' TERM HUP; echo ready; while :; do sleep 0.05; done");
        running.WaitForOutput("ready");
        running.Signal(9);
        running.WaitForEnd();
        for (int tries = 0; tries < 500 && Processes() > 2; tries++) Thread.Sleep(10);
        Assert.Equal(2, Processes());
    }

    [Fact]
    public void Of_a_container_that_is_not_there_it_says_which_are()
    {
        RunResult result = NativeBinary.Run("exec", "no-such-container", "true").ExpectExit(125);
        Assert.Contains("no-such-container", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Ps_lists_it_as_a_table_as_names_and_as_json()
    {
        Assert.Contains(NativeBinary.Run("ps").ExpectSuccess().Lines, line => line.StartsWith(name, StringComparison.Ordinal) && line.EndsWith("exec sleep 1000", StringComparison.Ordinal));
        Assert.Contains(name, NativeBinary.Run("ps", "-q").ExpectSuccess().Lines);
        JsonElement found = JsonDocument.Parse(NativeBinary.Run("ps", "--json").ExpectSuccess().Output).RootElement.EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        Assert.Equal("sleep\0" + "1000\0", File.ReadAllText($"/proc/{found.GetProperty("pid").GetInt32()}/cmdline"));
    }

    // The container's own, and the grep that asks. The killed one stays as a zombie, since this container's process 1 reaps nobody.
    private int Processes() => Exec("sh", "-c", "exec grep -L 'State:.Z' /proc/[0-9]*/status").Lines.Length;

    private RunResult Exec(params string[] command) => Run(["exec", name, .. command]);

    private static RunResult Run(string[] arguments) => NativeBinary.Run(arguments).ExpectSuccess();
}
