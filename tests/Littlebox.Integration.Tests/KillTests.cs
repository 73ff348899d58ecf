using System.Diagnostics;
using System.Text.Json;

namespace Littlebox.Integration.Tests;

/// <summary>littlebox, or the container's first process, is killed with SIGKILL while the container runs.</summary>
public sealed class KillTests
{
    private const string Stubborn = "trap '' TERM INT HUP QUIT; (trap '' TERM INT HUP QUIT; while :; do sleep 1000; done) & echo ready; while :; do sleep 1000; done";

    [Theory]
    [InlineData("processes that ignore signals")]
    [InlineData("a first process that forwards", "--init")]
    [InlineData("another user, whose change of ids clears the signal of the parent's death", "-u", "alice")]
    [InlineData("the host's pids", "--pid=host")]
    [InlineData("another user and the host's pids", "--pid=host", "-u", "alice")]
    [InlineData("a user namespace", "--userns=private")]
    [InlineData("a terminal", "-i", "-t")]
    [InlineData("a pid file", "--pidfile", "SANDBOX/files/pid")]
    public void When_littlebox_is_killed_the_next_command_tidies_up(string what, params string[] options)
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["files"]);
        string root = sandbox.MakeRoot();
        using var leaks = new LeakCheck("/run/littlebox", "/var/lib/littlebox", sandbox["files"]);
        using RunningProgram running = NativeBinary.Start(
            ["run", "--name", "to-be-killed", .. options.Select(option => option.Replace("SANDBOX", sandbox.Path, StringComparison.Ordinal)), root, "sh", "-c", Stubborn]);
        running.WaitForOutput("ready");
        running.Signal(9);
        Assert.Equal(137, running.WaitForEnd().ExitCode);
        Assert.Empty(NativeBinary.Run("ps", "-q").ExpectSuccess().Lines);
        leaks.Compare();
        Assert.NotEmpty(what);
    }

    [Theory]
    [InlineData("private")]
    [InlineData("host")]
    public void When_littlebox_is_killed_a_set_user_id_program_does_not_outlive_the_next_command(string pids)
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        // Executing a set-user-id program takes the signal of the parent's death away (prctl(2)).
        Directory.CreateDirectory(root + "/raised");
        File.Copy("/bin/busybox", root + "/raised/busybox");
        File.SetUnixFileMode(root + "/raised/busybox", (UnixFileMode)0b100_111_101_101);
        using var leaks = new LeakCheck();
        using RunningProgram running = NativeBinary.Start("run", "--name", "raised", $"--pid={pids}", "-u", "alice", root, "/raised/busybox", "sh", "-c", "sleep 1000 & echo ready; sleep 1000");
        running.WaitForOutput("ready");
        running.Signal(9);
        running.WaitForEnd();
        Assert.Empty(NativeBinary.Run("ps", "-q").ExpectSuccess().Lines);
        leaks.Compare();
    }

    [Theory]
    [InlineData]
    [InlineData("--init")]
    [InlineData("--pid=host")]
    public void When_the_first_process_is_killed_littlebox_ends_with_137_and_nothing_is_left(params string[] options)
    {
        using var sandbox = new Sandbox();
        using var leaks = new LeakCheck();
        using RunningProgram running = NativeBinary.Start(["run", "--name", "first-killed", .. options, sandbox.MakeRoot(), "sh", "-c", Stubborn]);
        running.WaitForOutput("ready");
        Linux.Kernel.Kill(PidOf("first-killed"), 9);
        Assert.Equal(137, running.WaitForEnd().ExitCode);
        leaks.Compare();
    }

    [Fact]
    public void The_name_of_a_container_whose_littlebox_was_killed_is_free_again()
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        using RunningProgram running = NativeBinary.Start("run", "--name", "again", root, "sh", "-c", Stubborn);
        running.WaitForOutput("ready");
        running.Signal(9);
        running.WaitForEnd();
        Assert.Equal("second\n", NativeBinary.Run("run", "--name", "again", root, "echo", "second").ExpectSuccess().Output);
    }

    [Fact]
    public void A_container_whose_littlebox_is_stopped_is_left_alone()
    {
        using var sandbox = new Sandbox();
        using RunningProgram running = NativeBinary.Start("run", "-i", "--name", "stopped", sandbox.MakeRoot(), "sh", "-c", "echo ready; read line; echo $line");
        running.WaitForOutput("ready");
        running.Signal(19);
        Assert.Equal(["stopped"], NativeBinary.Run("ps", "-q").ExpectSuccess().Lines);
        running.Signal(18);
        running.Input.Close();
        running.WaitForEnd().ExpectExit(0);
    }

    [Fact]
    public void A_process_that_has_been_made_to_leave_by_a_pid_that_was_used_again_is_not_touched()
    {
        using var bystander = Process.Start("sleep", "1000");
        try
        {
            Directory.CreateDirectory("/run/littlebox/containers/reused", (UnixFileMode)0b111_000_000);
            File.SetUnixFileMode("/run/littlebox/containers", (UnixFileMode)0b111_000_000);
            // The record of a container whose pid belongs to another process now: it was started long before.
            File.WriteAllText("/run/littlebox/containers/reused/state.json",
                $$"""{"name":"reused","pid":{{bystander.Id}},"startedAtBootTime":1000000000,"started":"2026-01-01T00:00:00+00:00","owner":1,"root":"/","command":["x"],"environment":[],"capabilities":"0","sharesPids":false,"mountNamespace":0}""");
            Assert.Empty(NativeBinary.Run("ps", "-q").ExpectSuccess().Lines);
            Assert.False(Directory.Exists("/run/littlebox/containers/reused"));
            Assert.False(bystander.HasExited);
        }
        finally
        {
            bystander.Kill();
            bystander.WaitForExit();
        }
    }

    [Theory]
    [InlineData("a link to another directory of the user's", "ln -s \"$1/precious\" \"$1/littlebox/containers\"")]
    [InlineData("a directory that others may write to", "mkdir -m 777 \"$1/littlebox/containers\"; mv \"$1/precious/deep\" \"$1/littlebox/containers/\"; ln -s ../littlebox/containers/deep \"$1/precious/deep\"")]
    [InlineData("a store that others may write to", "chmod 777 \"$1/littlebox\"; mkdir -m 700 \"$1/littlebox/containers\"; mv \"$1/precious/deep\" \"$1/littlebox/containers/\"; ln -s ../littlebox/containers/deep \"$1/precious/deep\"")]
    public void What_somebody_else_has_put_in_the_place_of_the_store_is_refused_and_not_tidied(string what, string script)
    {
        using var user = new OrdinaryUser();
        user.RunProgram("sh", ["-c", "umask 022; mkdir -p \"$1/precious/deep\" \"$1/littlebox\"; echo kept > \"$1/precious/deep/file\"; " + script, "sh", user.Home]).ExpectSuccess();
        RunResult result = user.Run("ps").ExpectExit(125);
        Assert.True(result.Errors.Contains("XDG_RUNTIME_DIR", StringComparison.Ordinal), what);
        Assert.Equal("kept\n", File.ReadAllText($"{user.Home}/precious/deep/file"));
    }

    private static int PidOf(string name) =>
        JsonDocument.Parse(NativeBinary.Run("ps", "--json").ExpectSuccess().Output).RootElement.EnumerateArray()
            .Single(container => container.GetProperty("name").GetString() == name).GetProperty("pid").GetInt32();
}
