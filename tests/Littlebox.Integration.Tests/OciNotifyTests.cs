using System.Text.Json;
using System.Text.Json.Nodes;
using Littlebox.Linux;

namespace Littlebox.Integration.Tests;

/// <summary>Filters of system calls with SCMP_ACT_NOTIFY: somebody outside is asked (config-linux.md, Seccomp).</summary>
public sealed class OciNotifyTests : IDisposable
{
    private readonly OciBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_agent_gets_the_listener_of_the_first_process_and_of_later_ones_and_is_asked(bool noNewPrivileges)
    {
        bundle.Process["noNewPrivileges"] = noNewPrivileges;
        bundle.Config["annotations"] = JsonNode.Parse("""{ "a.b": "c" }""");
        Filter("mkdir", "mkdirat");
        using SeccompListener agent = Listen();
        bundle.Start("asked", "sh", "-c", "mkdir /tmp/one 2> /tmp/said; sleep 1000");
        JsonElement first = JsonDocument.Parse(Next(agent)).RootElement;
        int pid = bundle.State("asked").GetProperty("pid").GetInt32();
        Assert.Equal(
            ("seccompFd", pid, "of the profile", "asked", pid, bundle.Sandbox["bundle"], "c"),
            (first.GetProperty("fds")[0].GetString(), first.GetProperty("pid").GetInt32(), first.GetProperty("metadata").GetString(), first.GetProperty("state").GetProperty("id").GetString(),
                first.GetProperty("state").GetProperty("pid").GetInt32(), first.GetProperty("state").GetProperty("bundle").GetString(), first.GetProperty("state").GetProperty("annotations").GetProperty("a.b").GetString()));
        Assert.Contains("Disk quota exceeded", bundle.Oci("exec", "asked", "mkdir", "/tmp/two").ExpectExit(1).Errors, StringComparison.Ordinal);
        JsonElement second = JsonDocument.Parse(Next(agent)).RootElement;
        Assert.NotEqual(pid, second.GetProperty("pid").GetInt32());
        Assert.Equal((pid, "running"), (second.GetProperty("state").GetProperty("pid").GetInt32(), second.GetProperty("state").GetProperty("status").GetString()));
        for (int tries = 0; tries < 500 && File.ReadAllText(bundle.Sandbox["bundle/rootfs/tmp/said"]).Length == 0; tries++) Thread.Sleep(10);
        Assert.Contains("Disk quota exceeded", File.ReadAllText(bundle.Sandbox["bundle/rootfs/tmp/said"]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(bundle.Sandbox["bundle/rootfs/tmp/one"]) || Directory.Exists(bundle.Sandbox["bundle/rootfs/tmp/two"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whatever_the_runtime_itself_still_calls_may_be_asked_about(bool noNewPrivileges)
    {
        bundle.Process["noNewPrivileges"] = noNewPrivileges;
        Filter("mkdir", "mkdirat", "execve", "execveat", "prctl", "capset", "close", "sendto", "sendmsg", "recvfrom", "recvmsg", "fcntl", "exit_group");
        using SeccompListener agent = Listen();
        Assert.Equal(["through"], bundle.Run("echo", "through").ExpectSuccess().Lines);
        Assert.Contains(SystemCallNumber.Execve, agent.Asked);
        Assert.DoesNotContain(SystemCallNumber.Sendmsg, agent.Asked);
        Next(agent);
        bundle.Start("later", "sleep", "1000");
        Next(agent);
        Assert.Equal(["again"], bundle.Oci("exec", "later", "echo", "again").ExpectSuccess().Lines);
    }

    [Fact]
    public void An_agent_that_is_not_there_is_an_error_and_nothing_is_left()
    {
        using var leaks = new LeakCheck(bundle.Sandbox["state"]);
        Filter("mkdir");
        Assert.Contains("/linux/seccomp/listenerPath", bundle.Run("true").ExpectExit(1).Errors, StringComparison.Ordinal);
        bundle.Linux["seccomp"]!.AsObject().Remove("listenerPath");
        Assert.Contains("/linux/seccomp/listenerPath", bundle.Run("true").ExpectExit(1).Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Fact]
    public void An_agent_that_has_gone_meanwhile_ends_the_container()
    {
        Filter("mkdir");
        SeccompListener agent = Listen();
        bundle.Write("sleep", "1000");
        Program.Bash($"{OciBundle.Binary} --root {bundle.Sandbox["state"]} create --bundle {bundle.Sandbox["bundle"]} orphan </dev/null >/dev/null 2>{bundle.Sandbox["errors"]}").ExpectSuccess();
        agent.Dispose();
        Assert.Contains("cannot be reached", bundle.Oci("start", "orphan").ExpectExit(1).Errors, StringComparison.Ordinal);
        for (int tries = 0; tries < 500 && bundle.State("orphan").GetProperty("status").GetString() != "stopped"; tries++) Thread.Sleep(10);
        Assert.Equal("stopped", bundle.State("orphan").GetProperty("status").GetString());
        bundle.Delete("orphan");
    }

    private void Filter(params string[] calls) => bundle.Linux["seccomp"] = new JsonObject
    {
        ["defaultAction"] = "SCMP_ACT_ALLOW",
        ["listenerPath"] = bundle.Sandbox["agent"],
        ["listenerMetadata"] = "of the profile",
        ["syscalls"] = new JsonArray(new JsonObject { ["names"] = new JsonArray([.. calls.Select(static call => (JsonNode)call)]), ["action"] = "SCMP_ACT_NOTIFY" }),
    };

    // EDQUOT for what makes directories; all else goes on.
    private SeccompListener Listen() => new(bundle.Sandbox["agent"], static number => number == SystemCallNumber.Mkdirat || number == 83 ? 122 : null);

    private static string Next(SeccompListener agent)
    {
        Assert.True(agent.States.TryTake(out string? state, TimeSpan.FromSeconds(20)), "the agent has not got a listener");
        return state;
    }
}
