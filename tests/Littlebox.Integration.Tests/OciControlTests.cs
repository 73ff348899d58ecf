using System.Text.Json;

namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci: pause, resume, update, events, ps and kill --all, on whatever version of cgroups this machine mounts.</summary>
public sealed class OciControlTests : IDisposable
{
    private readonly LimitedBundle box = new();

    public void Dispose() => box.Dispose();

    [Fact]
    public void A_paused_container_stands_still_and_says_so_until_it_is_resumed()
    {
        box.Start("still", "sh", "-c", "while :; do : > /tick; sleep 0.01; done");
        string tick = box.Sandbox["bundle/rootfs/tick"];
        LimitedBundle.Await(() => File.Exists(tick), "the program runs");
        box.Oci("pause", "still").ExpectSuccess();
        Assert.Equal("paused", box.Status("still"));
        Assert.Contains("\"status\":\"paused\"", box.Oci("list", "--format", "json").ExpectSuccess().Output, StringComparison.Ordinal);
        File.Delete(tick);
        Thread.Sleep(100);
        Assert.False(File.Exists(tick));
        Assert.Contains("container not running or created: paused", box.Oci("pause", "still").ExpectExit(1).Errors, StringComparison.Ordinal);
        box.Oci("resume", "still").ExpectSuccess();
        Assert.Equal("running", box.Status("still"));
        LimitedBundle.Await(() => File.Exists(tick), "it goes on");
        Assert.Contains("container not paused: running", box.Oci("resume", "still").ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete --force")]
    [InlineData("kill")]
    [InlineData("kill --all")]
    public void A_paused_container_can_be_ended(string how)
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Start("frozen", "sh", "-c", "sleep 1003 & exec sleep 1004");
        box.Oci("pause", "frozen").ExpectSuccess();
        if (how != "delete --force")
        {
            box.Oci([.. how.Split(' '), "frozen", "KILL"]).ExpectSuccess();
            LimitedBundle.Await(() => box.Status("frozen") == "stopped", "its end");
        }
        box.Delete("frozen");
        Assert.Empty(box.Left());
    }

    [Fact]
    public void A_container_that_waits_for_start_can_be_paused()
    {
        box.Create("early");
        box.Oci("pause", "early").ExpectSuccess();
        Assert.Contains("paused", box.Oci("start", "early").ExpectExit(1).Errors, StringComparison.Ordinal);
        box.Oci("resume", "early").ExpectSuccess();
        box.Oci("start", "early").ExpectSuccess();
        Assert.Equal("running", box.Status("early"));
    }

    [Fact]
    public void Kill_all_reaches_every_process_also_where_the_first_has_ended()
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Without("pid");
        box.Start("many", "sh", "-c", "trap 'echo first > /first; exit' USR1; (trap 'echo second > /second; exit' USR1; echo > /ready; while :; do sleep 0.05; done) & while :; do sleep 0.05; done");
        string place = box.Sandbox["bundle/rootfs"];
        LimitedBundle.Await(() => File.Exists(place + "/ready"), "both shells");
        box.Oci("kill", "--all", "many", "USR1").ExpectSuccess();
        LimitedBundle.Await(() => File.Exists(place + "/first") && File.Exists(place + "/second"), "the signal in both");
        LimitedBundle.Await(() => box.Status("many") == "stopped", "the end of the first");
        box.Oci("kill", "--all", "many", "KILL").ExpectSuccess();
        Assert.Contains("container not running", box.Oci("kill", "many", "TERM").ExpectExit(1).Errors, StringComparison.Ordinal);
        box.Delete("many");
        Assert.Empty(box.Left());
    }

    [Fact]
    public void A_kill_of_a_container_without_a_pid_namespace_ends_all_of_it()
    {
        box.Without("pid");
        box.Start("all", "sh", "-c", "sleep 1005 & sleep 1006 & exec sleep 1007");
        string procs = box.CGroup("all", LimitedBundle.IsUnified ? "" : "pids") + "/cgroup.procs";
        LimitedBundle.Await(() => File.ReadAllLines(procs).Length == 3, "three processes");
        box.Oci("kill", "all", "KILL").ExpectSuccess();
        LimitedBundle.Await(() => File.ReadAllLines(procs).Length == 0, "the end of all");
    }

    [Fact]
    public void Limits_are_updated_by_flags_and_what_is_not_named_stays()
    {
        box.Limit("""{ "memory": { "limit": 67108864, "swap": 134217728 }, "pids": { "limit": 50 }, "cpu": { "quota": 20000, "period": 100000, "shares": 512 } }""");
        box.Create("flags");
        box.Oci("update", "--memory", "32m", "--memory-swap", "64m", "--memory-reservation", "16MiB", "--cpu-quota", "30000", "--cpuset-cpus", "0", "--pids-limit", "60", "flags").ExpectSuccess();
        Assert.Equal(("33554432", "16777216", "60", "0"),
            (box.Read("flags", "memory", "memory.limit_in_bytes", "memory.max"), box.Read("flags", "memory", "memory.soft_limit_in_bytes", "memory.low"), box.Read("flags", "pids", "pids.max", "pids.max"), box.Read("flags", "cpuset", "cpuset.cpus", "cpuset.cpus")));
        Assert.Equal(LimitedBundle.HasLegacy("cpu") ? "30000" : "30000 100000", box.Read("flags", "cpu", "cpu.cfs_quota_us", "cpu.max"));
        Assert.Equal(LimitedBundle.HasLegacy("cpu") ? "512" : "59", box.Read("flags", "cpu", "cpu.shares", "cpu.weight"));
        box.Oci("update", "--cpu-period", "50000", "--memory", "-1", "--pids-limit", "-1", "flags").ExpectSuccess();
        Assert.Equal(LimitedBundle.HasLegacy("cpu") ? "50000" : "30000 50000", box.Read("flags", "cpu", "cpu.cfs_period_us", "cpu.max"));
        Assert.Equal("max", box.Read("flags", "pids", "pids.max", "pids.max"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Limits_are_updated_by_a_document(bool standardInput)
    {
        box.Limit("""{ "pids": { "limit": 50 } }""");
        box.Create("document");
        // What engines write: all fields, of which 0 and "" are not set.
        const string resources = """{ "memory": { "limit": 41943040, "reservation": 0, "swap": 0 }, "cpu": { "shares": 0, "quota": 0, "period": 0, "realtimeRuntime": 0, "realtimePeriod": 0, "cpus": "", "mems": "" }, "blockIO": { "weight": 0 } }""";
        if (standardInput) box.OciWith(resources, "update", "--resources", "-", "document").ExpectSuccess();
        else box.Oci("update", "-r", box.Sandbox.Write("resources.json", resources), "document").ExpectSuccess();
        Assert.Equal(("41943040", "50"), (box.Read("document", "memory", "memory.limit_in_bytes", "memory.max"), box.Read("document", "pids", "pids.max", "pids.max")));
    }

    [Theory]
    [InlineData("--memory", "much", "invalid value for memory")]
    [InlineData("--cpu-quota", "1.5", "invalid value for cpu-quota")]
    [InlineData("--cpuset-cpus", "4000", "/linux/resources/cpu/cpus")]
    [InlineData("--blkio-weight", "5", "/linux/resources/blockIO/weight")]
    [InlineData("--l3-cache-schema", "L3:0=f", "--l3-cache-schema")]
    [InlineData("--resources", "/nowhere", "/nowhere")]
    public void An_update_that_makes_no_sense_is_refused_and_changes_nothing(string flag, string value, string words)
    {
        box.Limit("""{ "pids": { "limit": 50 }, "cpu": { "cpus": "0" } }""");
        box.Create("same");
        Assert.Contains(words, box.Oci("update", flag, value, "same").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal(("50", "0"), (box.Read("same", "pids", "pids.max", "pids.max"), box.Read("same", "cpuset", "cpuset.cpus", "cpuset.cpus")));
    }

    [Fact]
    public void An_update_does_not_change_device_rules_and_a_stopped_container_has_no_limits()
    {
        box.Start("rules", "sleep", "1000");
        string list() => LimitedBundle.HasLegacy("devices") ? File.ReadAllText(box.CGroup("rules", "devices") + "/devices.list") : "";
        string before = list();
        box.Oci("update", "--pids-limit", "70", "rules").ExpectSuccess();
        Assert.Equal(before, list());
        box.Oci("kill", "rules", "KILL").ExpectSuccess();
        LimitedBundle.Await(() => box.Status("rules") == "stopped", "its end");
        Assert.Contains("container not running", box.Oci("update", "--pids-limit", "71", "rules").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Contains("is not running", box.Oci("events", "--stats", "rules").ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_are_those_of_the_kernel_under_the_names_of_runc()
    {
        box.Limit("""{ "memory": { "limit": 67108864 }, "pids": { "limit": 50 } }""");
        box.Start("counted", "sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; : > /done; exec sleep 1000");
        LimitedBundle.Await(() => File.Exists(box.Sandbox["bundle/rootfs/done"]), "some work");
        JsonElement document = JsonDocument.Parse(box.Oci("events", "--stats", "counted").ExpectSuccess().Output).RootElement, data = document.GetProperty("data");
        Assert.Equal(("stats", "counted"), (document.GetProperty("type").GetString(), document.GetProperty("id").GetString()));
        Assert.Equal((1, 50), (data.GetProperty("pids").GetProperty("current").GetInt32(), data.GetProperty("pids").GetProperty("limit").GetInt32()));
        Assert.Equal(67108864, data.GetProperty("memory").GetProperty("usage").GetProperty("limit").GetInt64());
        Assert.True(data.GetProperty("cpu").GetProperty("usage").GetProperty("total").GetUInt64() > 0);
    }

    [Fact]
    public void Events_come_at_the_interval_and_when_memory_runs_out_and_end_with_the_container()
    {
        box.Limit("""{ "memory": { "limit": 16777216, "swap": 16777216 } }""");
        box.Start("hungry", "sh", "-c", "until [ -e /go ]; do sleep 0.02; done; x=$(head -c 67108864 /dev/zero | tr '\\0' x); until [ -e /end ]; do sleep 0.02; done");
        using RunningProgram events = Program.Start(NativeBinary.OciLocation, ["--root", box.Sandbox["state"], "events", "--interval", "50ms", "hungry"]);
        events.WaitForOutput("\"type\":\"stats\"");
        box.Sandbox.Write("bundle/rootfs/go", "");
        events.WaitForOutput("{\"type\":\"oom\",\"id\":\"hungry\"}");
        box.Sandbox.Write("bundle/rootfs/end", "");
        RunResult result = events.WaitForEnd();
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.All(result.Lines, line => JsonDocument.Parse(line));
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("often")]
    public void An_interval_must_be_a_time(string interval) => Assert.Equal(1, box.Oci("events", "--interval", interval, "nobody").ExitCode);

    [Fact]
    public void The_processes_are_listed_as_ids_and_by_ps()
    {
        if (!File.Exists("/usr/bin/ps") && !File.Exists("/bin/ps")) Assert.Skip("ps is not installed: apt-get install procps");
        box.Start("listed", "sh", "-c", "sleep 1008 & exec sleep 1009");
        int pid = box.Pid("listed");
        LimitedBundle.Await(() => JsonDocument.Parse(box.Oci("ps", "-f", "json", "listed").ExpectSuccess().Output).RootElement.GetArrayLength() == 2, "two processes");
        int[] ids = [.. JsonDocument.Parse(box.Oci("ps", "--format", "json", "listed").Output).RootElement.EnumerateArray().Select(id => id.GetInt32())];
        Assert.Contains(pid, ids);
        string[] table = box.Oci("ps", "listed").ExpectSuccess().Lines;
        Assert.Equal(3, table.Length);
        Assert.Contains("PID", table[0], StringComparison.Ordinal);
        Assert.Contains(table, line => line.EndsWith("sleep 1008", StringComparison.Ordinal));
        string[] chosen = box.Oci("ps", "listed", "-e", "-o", "pid,comm").ExpectSuccess().Lines;
        Assert.Equal(["PID COMMAND", .. ids.Order().Select(id => $"{id} sleep")], chosen.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains("PID", box.Oci("ps", "listed", "-e", "-o", "comm").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal(1, box.Oci("ps", "-f", "yaml", "listed").ExitCode);
    }

    [Fact]
    public void A_second_process_is_in_the_cgroups_of_the_first()
    {
        box.Start("both", "sleep", "1000");
        RunResult cgroups = box.Oci("exec", "both", "cat", "/proc/self/cgroup").ExpectSuccess();
        Assert.All(cgroups.Lines, line => Assert.EndsWith(":/", line));
        foreach (string path in new[] { "pids", "memory" }.Select(controller => box.CGroup("both", controller)).Distinct()) Directory.CreateDirectory(path + "/inner");
        string beneath = LimitedBundle.IsUnified ? "inner" : "pids,memory:inner";
        Assert.Equal(LimitedBundle.IsUnified ? 1 : 2, box.Oci("exec", "--cgroup", beneath, "both", "cat", "/proc/self/cgroup").ExpectSuccess().Lines.Count(line => line.EndsWith(":/inner", StringComparison.Ordinal)));
        Assert.Contains("nowhere", box.Oci("exec", "--cgroup", LimitedBundle.IsUnified ? "nowhere" : "pids:nowhere", "both", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
        Assert.Contains("without ..", box.Oci("exec", "--cgroup", "../other", "both", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_executed_in_a_paused_container_unless_it_is_wanted()
    {
        box.Start("cold", "sleep", "1000");
        box.Oci("pause", "cold").ExpectSuccess();
        Assert.Contains("paused", box.Oci("exec", "cold", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
        using RunningProgram waiting = Program.Start(NativeBinary.OciLocation, ["--root", box.Sandbox["state"], "exec", "--ignore-paused", "cold", "true"]);
        Thread.Sleep(100);
        Assert.False(waiting.HasEnded);
        box.Oci("resume", "cold").ExpectSuccess();
        waiting.WaitForEnd().ExpectExit(0);
    }
}
