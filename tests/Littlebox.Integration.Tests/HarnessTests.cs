using System.Diagnostics;

namespace Littlebox.Integration.Tests;

/// <summary>The helpers of this project, tested by what they would have to find.</summary>
public sealed class HarnessTests
{
    [Fact]
    public void A_program_is_run_with_input_variables_and_directory()
    {
        using var sandbox = new Sandbox();
        RunResult result = Program.Run("sh", ["-c", "cat; echo \"$MARK\"; pwd; echo bad >&2; exit 3"], "given\n", [("MARK", "set")], sandbox.Path).ExpectExit(3);
        Assert.Equal(["given", "set", sandbox.Path], result.Lines);
        Assert.Equal("bad\n", result.Errors);
        Assert.Equal(128 + 9, Program.Run("sh", ["-c", "kill -9 $$"]).ExitCode);
    }

    [Fact]
    public void A_program_that_does_not_end_is_killed_and_fails_its_test()
    {
        var watch = Stopwatch.StartNew();
        Assert.Throws<Xunit.Sdk.FailException>(() => Program.Run("sleep", ["60"], limit: TimeSpan.FromMilliseconds(200)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Output_is_seen_while_the_program_runs()
    {
        using RunningProgram running = Program.Start("sh", ["-c", "echo ready; read answer; echo got $answer"]);
        running.WaitForOutput("ready");
        running.Input.WriteLine("yes");
        running.Input.Flush();
        Assert.Equal("ready\ngot yes\n", running.WaitForEnd().ExpectExit(0).Output);
    }

    [Fact]
    public void The_root_of_busybox_runs_under_chroot()
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        Assert.Equal("alice", Program.Run("chroot", [root, "/bin/sh", "-c", "id -un 1000 2>/dev/null || grep -o '^alice' /etc/passwd"]).ExpectExit(0).Lines[0]);
    }

    [Fact]
    public void A_process_that_is_left_behind_is_found()
    {
        var leaks = new LeakCheck();
        int left = int.Parse(Program.Run("sh", ["-c", "setsid unshare -u sleep 60 >/dev/null 2>&1 & echo $!"]).ExpectExit(0).Output);
        string message = Assert.Throws<Xunit.Sdk.FailException>(() => leaks.Compare(TimeSpan.FromMilliseconds(300))).Message;
        Assert.Contains("left behind: process", message, StringComparison.Ordinal);
        Assert.Contains("(sleep)", message, StringComparison.Ordinal);
        Assert.Contains("left behind: namespace uts:", message, StringComparison.Ordinal);
        Linux.Kernel.Kill(left, Linux.Signal.Kill);
        leaks.Compare();
    }

    [Fact]
    public void A_process_that_waits_for_the_end_of_its_pid_namespace_is_not_alive()
    {
        using RunningProgram first = Program.Start("unshare", ["--pid", "--fork", "--kill-child", "sleep", "1000"]);
        int init = Descendants.AwaitChild(first.Id, "sleep");
        // Its child in the namespace is nobody's to reap while it is stopped.
        using RunningProgram second = Program.Start("nsenter", [$"--pid=/proc/{init}/ns/pid", "sleep", "1000"]);
        Descendants.AwaitChild(second.Id, "sleep");
        Assert.Contains(init, Descendants.All().Keys);
        second.Signal(Linux.Signal.Stop);
        first.Signal(Linux.Signal.Kill);
        for (int tries = 0; tries < 500 && Descendants.All().ContainsKey(init); tries++) Thread.Sleep(10);
        Assert.DoesNotContain(init, Descendants.All().Keys);
        Assert.DoesNotContain("State:\tZ", File.ReadAllText($"/proc/{init}/status"), StringComparison.Ordinal);
        second.Signal(Linux.Signal.Kill);
    }

    [Fact]
    public void A_mount_and_a_file_that_are_left_behind_are_found()
    {
        using var sandbox = new Sandbox();
        using var leaks = new LeakCheck(sandbox.Path);
        sandbox.Write("mount/file", "");
        Program.Run("mount", ["-t", "tmpfs", "leak", sandbox["mount"]]).ExpectSuccess();
        string message = Assert.Throws<Xunit.Sdk.FailException>(() => leaks.Compare(TimeSpan.Zero)).Message;
        Program.Run("umount", [sandbox["mount"]]).ExpectSuccess();
        Assert.Contains($"left behind: mount {sandbox["mount"]} from leak (tmpfs", message, StringComparison.Ordinal);
        message = Assert.Throws<Xunit.Sdk.FailException>(() => leaks.Compare(TimeSpan.Zero)).Message;
        Assert.Contains($"left behind: file {sandbox["mount/file"]}", message, StringComparison.Ordinal);
        Directory.Delete(sandbox["mount"], recursive: true);
        leaks.Compare();
    }
}
