using System.Globalization;
using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>
/// Every step of the plan of littlebox-oci, on the host and inside, is made to fail, and littlebox-oci is killed there. Afterwards there is not one mount, cgroup, link, process,
/// namespace or file more than before; where it was killed, after the next command.
/// </summary>
public sealed class OciFaultTests : IDisposable
{
    private const string Id = "faulty";

    // Behind a step (+) is before the next one, unless one of them is the host's.
    private static readonly string[] Kinds = [":EIO", ":KILL", "+:EIO", "+:KILL"];

    private static int count;

    private readonly OciBundle bundle = new();
    // Of the names that LeakCheck looks for.
    private readonly string cgroup = string.Create(CultureInfo.InvariantCulture, $"littlebox-oci-test-{Environment.ProcessId}-{Interlocked.Increment(ref count)}");

    public OciFaultTests() => bundle.Linux["cgroupsPath"] = "/" + cgroup;

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void A_fault_at_any_step_of_a_container_with_everything_leaves_nothing_behind()
    {
        Namespace("time");
        bundle.Linux["timeOffsets"] = JsonNode.Parse("""{ "monotonic": { "secs": 5 } }""");
        Mounts();
        Devices();
        Hooks();
        Limits();
        bundle.Linux["sysctl"] = JsonNode.Parse("""{ "kernel.shmmni": "2048" }""");
        bundle.Process["user"] = JsonNode.Parse("""{ "uid": 1000, "gid": 1000, "additionalGids": [5], "umask": 18 }""");
        bundle.Process["rlimits"] = JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 1000, "hard": 1024 }]""");
        bundle.Process["oomScoreAdj"] = 100;
        bundle.Linux["seccomp"] = JsonNode.Parse("""{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }] }""");
        TryAll(45);
    }

    [Fact]
    public void A_fault_at_any_step_of_a_container_with_a_terminal_leaves_nothing_behind()
    {
        bundle.Config["domainname"] = "domain";
        bundle.Config["root"]!["readonly"] = true;
        bundle.Process["terminal"] = true;
        bundle.Process["consoleSize"] = JsonNode.Parse("""{ "height": 20, "width": 70 }""");
        bundle.Process["ioPriority"] = JsonNode.Parse("""{ "class": "IOPRIO_CLASS_BE", "priority": 3 }""");
        bundle.Process["scheduler"] = JsonNode.Parse("""{ "policy": "SCHED_BATCH", "nice": 3 }""");
        bundle.Process["noNewPrivileges"] = true;
        bundle.Linux["personality"] = JsonNode.Parse("""{ "domain": "LINUX32" }""");
        bundle.Linux["rootfsPropagation"] = "rshared";
        bundle.Linux["seccomp"] = JsonNode.Parse("""{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }] }""");
        TryAll(30);
    }

    [Fact]
    public void A_fault_at_any_step_of_a_container_with_a_real_time_scheduler_leaves_nothing_behind()
    {
        if (Program.Bash("chrt -f 5 true").ExitCode != 0) Assert.Skip("this machine does not let root do it either: chrt -f 5 true");
        bundle.Process["scheduler"] = JsonNode.Parse("""{ "policy": "SCHED_FIFO", "priority": 5 }""");
        bundle.Linux["resources"] = File.Exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us") ? JsonNode.Parse("""{ "cpu": { "realtimePeriod": 1000000, "realtimeRuntime": 10000 } }""") : JsonNode.Parse("{}");
        TryAll(20, "--no-pivot");
    }

    [Fact]
    public void A_fault_at_any_step_of_a_container_with_a_user_namespace_leaves_nothing_behind()
    {
        Namespace("user");
        foreach (string field in (string[])["uidMappings", "gidMappings"]) bundle.Linux[field] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""");
        bundle.Process["rlimits"] = JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 1000, "hard": 1024 }]""");
        bundle.Process["oomScoreAdj"] = 100;
        // The container's root may make nothing in the root of the host's root.
        foreach (string place in (string[])["proc", "dev", "sys", "mapped", "volume", "copied"]) Directory.CreateDirectory(bundle.Sandbox["bundle/rootfs/" + place]);
        Mount("/mapped", "bind", bundle.Sandbox["volume"], "rbind", "ridmap");
        Mount("/volume", "bind", bundle.Sandbox["volume"], "bind", "ro");
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro");
        Mount("/copied", "tmpfs", "tmpfs", "tmpcopyup");
        Devices();
        Limits();
        TryAll(35);
    }

    [Theory]
    [InlineData("network", "ipc", "uts", "cgroup", "time")]
    [InlineData("user", "pid", "network", "ipc", "uts")]
    public void A_fault_at_any_step_leaves_nothing_behind_and_the_namespaces_that_were_joined_alone(params string[] types)
    {
        using RunningProgram holder = Program.Start("unshare", ["--user", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts", "--cgroup", "--time", "--mount", "--propagation", "private", "sleep", "1000"]);
        int pid = Descendants.AwaitChild(holder.Id, "sleep");
        foreach (string file in (string[])["uid_map", "gid_map"]) File.WriteAllText($"/proc/{pid}/{file}", "0 100000 65536\n");
        foreach (string type in types) Namespace(type, $"/proc/{pid}/ns/{(type == "network" ? "net" : type == "mount" ? "mnt" : type)}");
        bundle.Config.Remove("hostname");
        TryAll(20);
        Assert.Equal("sleep", File.ReadAllText($"/proc/{pid}/comm").Trim());
    }

    [Fact]
    public void A_fault_at_any_step_of_a_container_with_an_agent_leaves_nothing_behind()
    {
        bundle.Linux["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["listenerPath"] = bundle.Sandbox["agent"],
            ["syscalls"] = JsonNode.Parse("""[{ "names": ["mkdir"], "action": "SCMP_ACT_NOTIFY" }]"""),
        };
        using var agent = new SeccompListener(bundle.Sandbox["agent"], static _ => null);
        TryAll(20, "--no-new-keyring");
    }

    [Fact]
    public void A_fault_at_any_step_leaves_a_network_device_where_it_was()
    {
        bundle.Linux["netDevices"] = JsonNode.Parse("""{ "moved0": { "name": "inner0" } }""");
        bundle.Sandbox.Write("wrapper", """
            cd "$(dirname "$0")"
            ip link add moved0 type veth peer name other0
            ip addr add 10.98.7.1/24 dev moved0
            code=0
            "$@" 2>errors || code=$?
            cat errors >&2
            # Of a container that has been created it is the container's, and comes to its end with that, unless it is hardware.
            if grep -q 'step [0-9]' errors; then ip -o addr show moved0 | grep -q 10.98.7.1 || code=77; fi
            exit $code
            """);
        TryAll(20, run: words => Program.Run("unshare", ["--net", "bash", bundle.Sandbox["wrapper"], OciBundle.Binary, "--root", bundle.Store, .. words]));
    }

    [Theory]
    [InlineData(false, "--user", "1000:1000", "--cap", "CAP_KILL", "--additional-gids", "7")]
    [InlineData(true, "--tty", "--cwd", "/tmp")]
    public void A_fault_at_any_step_of_exec_leaves_nothing_behind_and_the_container_alone(bool userNamespace, params string[] options)
    {
        if (userNamespace)
        {
            Namespace("user");
            foreach (string field in (string[])["uidMappings", "gidMappings"]) bundle.Linux[field] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""");
        }
        bundle.Process["rlimits"] = JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 1000, "hard": 1024 }]""");
        bundle.Process["oomScoreAdj"] = 100;
        bundle.Process["execCPUAffinity"] = JsonNode.Parse("""{ "initial": "0", "final": "0" }""");
        bundle.Linux["seccomp"] = JsonNode.Parse("""{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }] }""");
        bundle.Start("host", "sleep", "1000");
        bundle.Oci(["exec", .. options, "host", "true"]).ExpectSuccess();
        string tasks = bundle.State("host").GetProperty("pid").GetInt32().ToString(CultureInfo.InvariantCulture);
        var leaks = new LeakCheck(bundle.Store, bundle.Sandbox["bundle"]);
        List<string> wrong = [];
        int steps = Steps(fault => bundle.Oci(["exec", "--inject-fault", fault, .. options, "host", "true"]));
        Assert.True(steps > 15, $"only {steps} steps");
        for (int step = 1; step <= steps && wrong.Count < 4; step++)
        {
            bool inside = false;
            foreach (string fault in Kinds.Select(kind => $"{step}{kind}"))
            {
                if (inside && step < steps && fault.Contains('+')) continue;
                bool never = step == steps && fault.Contains('+'), kill = fault.EndsWith("KILL", StringComparison.Ordinal);
                RunResult result = bundle.Oci(["exec", "--inject-fault", fault, .. options, "host", "true"]);
                inside |= IsInside(result);
                string problem = result.ExitCode == (never ? 0 : kill ? 137 : 255) ? "" : "wrong exit code; ";
                if (!never && !kill && !result.Errors.Contains($"step {step}, ", StringComparison.Ordinal)) problem += "the error does not name the step; ";
                if (bundle.Status("host") != "running") problem += "the container does not run any more; ";
                problem += Leaks(leaks);
                string[] members = Members();
                for (int tries = 0; tries < 300 && members is not [_]; tries++, members = Members()) Thread.Sleep(10);
                if (members is not [var only] || only != tasks) problem += $"in its cgroup are {string.Join(' ', members)}; ";
                if (problem.Length > 0) wrong.Add($"{fault}: {problem}\n{result}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // EIO and SIGKILL before and after each step; run is all of a container's life in one process.
    private void TryAll(int least, params string[] options) => TryAll(least, words => bundle.Oci(words), options);

    private void TryAll(int least, Func<string[], RunResult> run, params string[] options)
    {
        string[] words = ["--bundle", bundle.Bundle, .. options, Id];
        if (!Directory.Exists(bundle.Sandbox["volume"])) bundle.Sandbox.Write("volume/file", "");
        bundle.Write("true");
        run(["run", .. words]).ExpectSuccess();
        int steps = Steps(fault => run(["run", "--inject-fault", fault, .. words]));
        Assert.True(steps >= least, $"only {steps} steps");
        var leaks = new LeakCheck(bundle.Store, bundle.Bundle);
        List<string> wrong = [];
        int next = 0;
        for (int step = 1; step <= steps && wrong.Count < 4; step++)
        {
            bool inside = false;
            foreach (string fault in Kinds.Select(kind => $"{step}{kind}"))
            {
                if (inside && step < steps && fault.Contains('+')) continue;
                bool never = step == steps && fault.Contains('+'), kill = fault.EndsWith("KILL", StringComparison.Ordinal);
                RunResult result = run(["run", "--inject-fault", fault, .. words]);
                inside |= IsInside(result);
                string problem = result.ExitCode == (never ? 0 : kill ? 137 : 1) ? "" : "wrong exit code; ";
                if (!never && !kill && !(result.Errors.Contains("nput/output error", StringComparison.Ordinal) && Places(step).Any(place => result.Errors.Contains(place, StringComparison.Ordinal)))) problem += "the error does not say what failed; ";
                if (kill) problem += Tidy(next++ % 3, run, words);
                problem += Leaks(leaks);
                if (problem.Length > 0) wrong.Add($"{fault}: {problem}\n{result}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // What comes behind a littlebox-oci that was killed: delete --force, another one with the same id, list. A container that was made stays until it is deleted.
    private string Tidy(int how, Func<string[], RunResult> run, string[] words)
    {
        string state = $"{bundle.Store}/{Id}/state.json";
        bool made = File.Exists(state) && !File.ReadAllText(state).Contains("\"creating\":true", StringComparison.Ordinal);
        RunResult result = made || how == 0 ? bundle.Oci("delete", "--force", Id) : how == 1 ? run(["run", .. words]) : bundle.Oci("list", "-q");
        return result.ExitCode == 0 && result.Output.Length == 0 ? "" : $"afterwards {result}; ";
    }

    // The number of a step; those of start have none. And of the look for the program and of its execution the error speaks in other words.
    private static string[] Places(int step) => [$"step {step}, ", "inside the container, from /", "exec: \\\"true\\\""];

    private static bool IsInside(RunResult result) => result.Errors.Contains("inside the container", StringComparison.Ordinal) || result.Errors.Contains("exec: \\\"true\\\"", StringComparison.Ordinal);

    private static int Steps(Func<string, RunResult> run)
    {
        string errors = run("99999:EIO").Errors;
        int at = errors.IndexOf("the plan has ", StringComparison.Ordinal);
        Assert.True(at >= 0, errors);
        return int.Parse(errors[(at + 13)..].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private string[] Members()
    {
        string tasks = Directory.GetDirectories("/sys/fs/cgroup").Select(hierarchy => $"{hierarchy}/{cgroup}/cgroup.procs").Append($"/sys/fs/cgroup/{cgroup}/cgroup.procs").First(File.Exists);
        return File.ReadAllLines(tasks);
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

    private void Namespace(string type, string? path = null)
    {
        JsonArray all = bundle.Linux["namespaces"]!.AsArray();
        foreach (JsonNode? known in all.Where(entry => (string)entry!["type"]! == type).ToArray()) all.Remove(known);
        var added = new JsonObject { ["type"] = type };
        if (path is not null) added["path"] = path;
        all.Add(added);
    }

    private void Mount(string destination, string type, string source, params string[] options) =>
        bundle.Config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = destination, ["type"] = type, ["source"] = source, ["options"] = OciBundle.Words(options) });

    private void Mounts()
    {
        bundle.Sandbox.Write("volume/file", "");
        bundle.Sandbox.Write("bundle/rootfs/copied/file", "content");
        Mount("/dev/shm", "tmpfs", "shm", "mode=1777", "size=1m");
        Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid");
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "ro");
        Mount("/volume", "bind", bundle.Sandbox["volume"], "rbind", "rslave", "ro", "rnosuid");
        Mount("/volume2/file", "bind", bundle.Sandbox["volume/file"], "bind", "rw");
        Mount("/copied", "tmpfs", "tmpfs", "tmpcopyup", "ro");
        Mount("/mapped", "bind", bundle.Sandbox["volume"], "bind", "idmap");
        JsonNode mapped = bundle.Config["mounts"]!.AsArray()[^1]!;
        mapped["uidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 5000, "size": 100 }]""");
        mapped["gidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 6000, "size": 100 }]""");
        Mount("/dev/shm", "tmpfs", "shm", "remount", "nosuid", "noexec");
    }

    private void Devices() => bundle.Linux["devices"] = JsonNode.Parse("""[{ "path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438 }, { "path": "/dev/kmsg", "type": "c", "major": 1, "minor": 11 }]""");

    private void Hooks()
    {
        var hooks = new JsonObject();
        foreach (string point in (string[])["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]) hooks[point] = JsonNode.Parse("""[{ "path": "/bin/true" }]""");
        bundle.Config["hooks"] = hooks;
    }

    private void Limits() => bundle.Linux["resources"] = JsonNode.Parse("""{ "pids": { "limit": 50 }, "memory": { "limit": 100000000 }, "cpu": { "shares": 512 }, "devices": [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwm" }] }""");
}
