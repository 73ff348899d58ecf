using System.Text.Json;

namespace Littlebox.Integration.Tests;

/// <summary>
/// Every step of a plan, on the host and inside, is made to fail, and littlebox is killed there. Afterwards there is not one mount, cgroup, link,
/// process, namespace or file more than before; where it was killed, after the next command.
/// </summary>
public sealed class FaultTests
{
    private const string Kill = "KILL", Error = "EIO";

    [Theory]
    [InlineData("a directory")]
    [InlineData("a terminal", "-i", "-t")]
    [InlineData("everything", "--init", "-t", "--pidfile", "SANDBOX/files/pid", "--read-only", "-v", "SANDBOX/volume:/mnt/volume", "-v", "SANDBOX/volume/file:/mnt/file:ro,rslave", "--tmpfs", "/tmp:size=1m", "-u", "alice", "-w", "/home/alice", "--time=private")]
    [InlineData("the host's pids", "--pid=host", "--pidfile", "SANDBOX/files/pid")]
    [InlineData("a user namespace", "--userns=private", "-v", "SANDBOX/volume:/mnt/volume", "-i", "-t")]
    public void A_fault_at_any_step_leaves_nothing_behind(string what, params string[] options)
    {
        using var sandbox = new Sandbox();
        sandbox.Write("volume/file", "");
        Directory.CreateDirectory(sandbox["files"]);
        TryAll(what, [.. options.Select(option => option.Replace("SANDBOX", sandbox.Path, StringComparison.Ordinal)), sandbox.MakeRoot(), "true"],
            NativeBinary.Run, "/run/littlebox", "/var/lib/littlebox", sandbox["files"], sandbox["root"]);
    }

    [Fact]
    public void A_fault_at_any_step_over_the_host_s_root_leaves_nothing_behind() =>
        TryAll("host", ["host", "true"], NativeBinary.Run, "/run/littlebox", "/var/lib/littlebox");

    [Fact]
    public void A_fault_at_any_step_over_an_overlay_of_another_user_namespace_leaves_nothing_behind()
    {
        using var sandbox = new Sandbox();
        Program.Run("tar", ["-C", sandbox.MakeRoot(), "-cf", sandbox["root.tar"], "."]).ExpectSuccess();
        NativeBinary.Run("run", sandbox["root.tar"], "true").ExpectExit(0);
        TryAll("archive", ["--userns=private", sandbox["root.tar"], "true"], NativeBinary.Run, "/run/littlebox", "/var/lib/littlebox");
    }

    [Fact]
    public void A_fault_at_any_step_leaves_nothing_behind_and_the_container_that_was_joined_alone()
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        using RunningProgram other = NativeBinary.Start("run", "--name", "fault-other", root, "sh", "-c", "echo ready; exec sleep 1000");
        other.WaitForOutput("ready");
        string[] joined = ["--net=container:fault-other", "--pid=container:fault-other", "--ipc=container:fault-other", "--uts=container:fault-other"];
        TryAll("joined", [.. joined, root, "true"], NativeBinary.Run, "/run/littlebox", "/var/lib/littlebox");
        Assert.Contains("fault-other", NativeBinary.Run("ps").ExpectSuccess().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fault_at_any_step_of_an_ordinary_user_leaves_nothing_behind(bool subordinateIds)
    {
        using var user = new OrdinaryUser(subordinateIds);
        string root = RootFs.Make(user.Home + "/root");
        Program.Run("chown", ["-hR", $"{OrdinaryUser.Id}:{OrdinaryUser.Id}", user.Home]).ExpectSuccess();
        TryAll("ordinary user", ["-i", "-t", root, "true"], user.Run, "/run/littlebox", "/var/lib/littlebox", user.Home);
    }

    private static void TryAll(string what, string[] words, Func<string[], RunResult> littlebox, params string[] directories)
    {
        JsonElement[] steps = [.. JsonDocument.Parse(littlebox(["explain", "--json", "run", .. words]).ExpectSuccess().Output).RootElement.GetProperty("steps").EnumerateArray()];
        Assert.True(steps.Length > 20, $"{what} has only {steps.Length} steps");
        littlebox(["run", .. words]).ExpectExit(0);
        string[] before = littlebox(["ps", "-q"]).ExpectSuccess().Lines;
        var leaks = new LeakCheck(directories);
        var wrong = new List<string>();
        for (int i = 0; i < steps.Length && wrong.Count < 4; i++)
        {
            string title = steps[i].GetProperty("title").GetString()!;
            foreach (string fault in (string[])[$"{i + 1}:{Error}", $"{i + 1}+:{Error}", $"{i + 1}:{Kill}", $"{i + 1}+:{Kill}"])
            {
                // Behind execve(2) there is nobody left to fail.
                bool never = title == "Execute the command" && fault.Contains('+');
                RunResult result = littlebox(["run", "--inject-fault", fault, .. words]);
                int expected = never ? 0 : fault.EndsWith(Kill, StringComparison.Ordinal) ? 137 : 125;
                string problem = result.ExitCode == expected ? "" : $"exit code {expected} was expected; ";
                if (expected == 125 && !(result.Errors.Contains(title, StringComparison.Ordinal) && result.Errors.Contains($"step {i + 1}, ", StringComparison.Ordinal)))
                    problem += "the error does not name the step; ";
                if (expected == 137 && !littlebox(["ps", "-q"]).ExpectSuccess().Lines.SequenceEqual(before)) problem += "it is still listed; ";
                problem += Leaks(leaks);
                if (problem.Length > 0) wrong.Add($"{fault} “{title}”: {problem}\n{result}");
            }
        }
        Assert.True(wrong.Count == 0, $"{what}:\n{string.Join('\n', wrong)}");
    }

    private static string Leaks(LeakCheck leaks)
    {
        try
        {
            leaks.Compare();
            return "";
        }
        catch (Xunit.Sdk.FailException failure)
        {
            return failure.Message;
        }
    }
}
