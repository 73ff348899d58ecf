using System.Text.Json;
using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci: the life of a container from a bundle, as an engine drives it.</summary>
public sealed class OciLifeTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly JsonObject config;

    public OciLifeTests()
    {
        sandbox.MakeRoot("bundle/rootfs");
        config = JsonNode.Parse("""
            {
              "ociVersion": "1.0.2",
              "root": { "path": "rootfs" },
              "hostname": "bundled",
              "process": {
                "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["/bin/true"], "env": ["PATH=/bin"],
                "capabilities": { "bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"] },
                "rlimits": [{ "type": "RLIMIT_NOFILE", "soft": 1000, "hard": 1024 }], "noNewPrivileges": true
              },
              "mounts": [
                { "destination": "/proc", "type": "proc", "source": "proc" },
                { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
                { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] },
                { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] }
              ],
              "linux": {
                "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "cgroup" }],
                "maskedPaths": ["/proc/kcore", "/sys/firmware", "/proc/keys"], "readonlyPaths": ["/proc/sys"],
                "sysctl": { "kernel.shmmni": "2048" }
              }
            }
            """)!.AsObject();
    }

    public void Dispose()
    {
        // What a test that failed has not come to delete.
        foreach (string id in Directory.Exists(sandbox["state"]) ? Directory.GetDirectories(sandbox["state"]) : []) Oci("delete", "--force", Path.GetFileName(id));
        sandbox.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_waits_for_start_has_next_to_nothing_of_the_runtime_s_memory(bool userNamespace)
    {
        using var leaks = new LeakCheck(sandbox["state"]);
        if (userNamespace)
        {
            config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{ "type": "user" }"""));
            foreach (string map in (string[])["uidMappings", "gidMappings"]) config["linux"]![map] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""");
            foreach (string place in (string[])["proc", "dev", "sys"]) Directory.CreateDirectory(sandbox["bundle/rootfs/" + place]);
            config["linux"]!.AsObject().Remove("sysctl");
        }
        Write("true");
        Oci("create", "--bundle", sandbox["bundle"], "one").ExpectSuccess();
        int pid = State("one").GetProperty("pid").GetInt32();
        // The interpreter and its stack, the program, the page that it shares with the host, and what the kernel maps by itself.
        string[] maps = File.ReadAllLines($"/proc/{pid}/maps");
        Assert.InRange(maps.Sum(Length), 1, 4L << 20);
        Assert.Equal([], maps.Where(static line => line.Contains('/') && !line.Contains("/dev/zero (deleted)", StringComparison.Ordinal)));
        int resident = int.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(resident, 1, 128);
        Oci("start", "one").ExpectSuccess();
        for (int tries = 0; tries < 500 && State("one").GetProperty("status").GetString() != "stopped"; tries++) Thread.Sleep(10);
        Oci("delete", "one").ExpectSuccess();
        leaks.Compare();

        static long Length(string line)
        {
            string[] ends = line.Split(' ')[0].Split('-');
            return Convert.ToInt64(ends[1], 16) - Convert.ToInt64(ends[0], 16);
        }
    }

    [Fact]
    public void A_container_is_created_started_and_deleted()
    {
        using var leaks = new LeakCheck(sandbox["state"]);
        Write("sh", "-c", "echo ran; sleep 1000");
        Oci("create", "--bundle", sandbox["bundle"], "--pid-file", sandbox["pid"], "one").ExpectSuccess();
        JsonElement state = State("one");
        Assert.Equal(("created", int.Parse(File.ReadAllText(sandbox["pid"]))), (state.GetProperty("status").GetString(), state.GetProperty("pid").GetInt32()));
        Oci("start", "one").ExpectSuccess();
        Assert.Equal("running", State("one").GetProperty("status").GetString());
        Assert.Equal(1, Oci("start", "one").ExitCode);
        Assert.Equal(1, Oci("delete", "one").ExitCode);
        Assert.Equal(["one"], Oci("list", "-q").ExpectSuccess().Lines);
        Oci("kill", "one", "KILL").ExpectSuccess();
        for (int tries = 0; tries < 500 && State("one").GetProperty("status").GetString() != "stopped"; tries++) Thread.Sleep(10);
        Oci("delete", "one").ExpectSuccess();
        Assert.Equal(1, Oci("state", "one").ExitCode);
        leaks.Compare();
    }

    [Fact]
    public void A_trace_has_the_time_of_every_step_on_both_sides_as_a_table_and_as_events()
    {
        Write("true");
        Oci("--trace", sandbox["table"], "run", "--bundle", sandbox["bundle"], "traced").ExpectSuccess();
        string[] lines = File.ReadAllLines(sandbox["table"]);
        Assert.Contains(lines, static line => line.Contains("  host ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("  inside ", StringComparison.Ordinal) && line.EndsWith("Mount proc at /proc", StringComparison.Ordinal));
        Oci("--trace", sandbox["trace.json"], "create", "--bundle", sandbox["bundle"], "traced").ExpectSuccess();
        JsonElement[] events = [.. JsonDocument.Parse(File.ReadAllText(sandbox["trace.json"])).RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal(lines.Length - 2, events.Count(static one => one.GetProperty("ph").GetString() == "X"));
        Oci("delete", "--force", "traced").ExpectSuccess();
        Assert.Equal(1, Oci("--trace", sandbox["nowhere/file"], "create", "--bundle", sandbox["bundle"], "traced").ExitCode);
        Assert.Empty(Oci("list", "-q").ExpectSuccess().Lines);
    }

    [Fact]
    public void What_runs_inside_is_as_the_document_says()
    {
        Write("sh", "-c", "hostname; echo $$; ulimit -n; ulimit -Hn; grep -E '^(CapEff|CapBnd|NoNewPrivs|Groups)' /proc/self/status; cat /proc/sys/kernel/shmmni; ls /sys/firmware /dev/null; (: > /proc/sys/kernel/hostname) 2>/dev/null || echo protected; wc -c < /proc/keys; ls /proc/self/fd | wc -l");
        Assert.Equal(
            ["bundled", "1", "1000", "1024", "Groups:\t ", "CapEff:\t0000000000000020", "CapBnd:\t0000000000000020", "NoNewPrivs:\t1", "2048", "/dev/null", "", "/sys/firmware:", "protected", "0", "4"],
            Oci("run", "--bundle", sandbox["bundle"], "inside").ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$; exec sleep 0", 0)]
    public void The_exit_code_of_run_is_the_program_s(string script, int code)
    {
        using var leaks = new LeakCheck(sandbox["state"]);
        Write("sh", "-c", script);
        Oci("run", "--bundle", sandbox["bundle"], "code").ExpectExit(code);
        leaks.Compare();
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_error_of_create_and_nothing_is_left()
    {
        using var leaks = new LeakCheck(sandbox["state"]);
        Write("/bin/nowhere");
        RunResult result = Oci("create", "--bundle", sandbox["bundle"], "missing").ExpectExit(1);
        Assert.Contains("/bin/nowhere", result.Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Fact]
    public void A_created_container_ends_by_a_signal_that_would_end_any_process()
    {
        Write("sleep", "1000");
        Oci("create", "--bundle", sandbox["bundle"], "waiting").ExpectSuccess();
        Oci("kill", "waiting", "TERM").ExpectSuccess();
        for (int tries = 0; tries < 500 && State("waiting").GetProperty("status").GetString() != "stopped"; tries++) Thread.Sleep(10);
        Assert.Equal("stopped", State("waiting").GetProperty("status").GetString());
        Oci("delete", "waiting").ExpectSuccess();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_system_call_that_the_profile_denies_fails_with_its_error(bool noNewPrivileges)
    {
        config["process"]!["noNewPrivileges"] = noNewPrivileges;
        config["linux"]!["seccomp"] = JsonNode.Parse("""{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"], "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }] }""");
        Write("sh", "-c", "mkdir /made 2>&1; grep -c 'Seccomp:.2' /proc/self/status");
        Assert.Equal(["mkdir: can't create directory '/made': Function not implemented", "1"], Oci("run", "--bundle", sandbox["bundle"], "filtered").ExpectSuccess().Lines);
    }

    [Fact]
    public void What_cannot_be_done_yet_is_refused_with_its_place_and_nothing_is_made()
    {
        using var leaks = new LeakCheck(sandbox["state"]);
        config["linux"]!["intelRdt"] = JsonNode.Parse("""{ "closID": "guaranteed" }""");
        Write("true");
        Assert.Contains("/linux/intelRdt", Oci("create", "--bundle", sandbox["bundle"], "limited").ExpectExit(1).Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Fact]
    public void A_sysctl_of_the_host_is_refused()
    {
        config["linux"]!["sysctl"] = JsonNode.Parse("""{ "kernel.core_pattern": "|/bin/sh" }""");
        Write("true");
        Assert.Contains("/linux/sysctl/kernel.core_pattern", Oci("create", "--bundle", sandbox["bundle"], "smuggler").ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_is_wrong_is_refused_with_the_place_in_it()
    {
        config["process"]!["cwd"] = 7;
        Write("true");
        Assert.Contains("/process/cwd", Oci("create", "--bundle", sandbox["bundle"], "wrong").ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    private void Write(params string[] command)
    {
        config["process"]!["args"] = new JsonArray([.. command.Select(static word => (JsonNode)word)]);
        sandbox.Write("bundle/config.json", config.ToJsonString());
    }

    private RunResult Oci(params string[] arguments) => Program.Run(NativeBinary.OciLocation, ["--root", sandbox["state"], .. arguments]);

    private JsonElement State(string id) => JsonDocument.Parse(Oci("state", id).ExpectSuccess().Output).RootElement;
}
