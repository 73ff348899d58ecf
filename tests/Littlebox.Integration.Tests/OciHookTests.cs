using System.Text.Json;
using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>Hooks of config.json (runtime-spec, config.md, POSIX-platform Hooks; runtime.md, Lifecycle).</summary>
public sealed class OciHookTests : IDisposable
{
    private static readonly string[] InContainer = ["createContainer", "startContainer"];

    private readonly OciBundle bundle = new();

    public OciHookTests()
    {
        bundle.Sandbox.Write("hook", """
            #!/bin/sh
            { echo "point $1"; echo "pwd $(pwd)"; for kind in mnt pid net; do echo "$kind $(readlink /proc/self/ns/$kind)"; done; echo "host $(test -e SANDBOX/hook && echo yes || echo no)"
              echo "environment $(env | grep -v -E '^(PWD|SHLVL)=' | sort | tr '\n' ',')"; echo "state $(cat)"; } >> $2
            """.Replace("SANDBOX", bundle.Sandbox.Path, StringComparison.Ordinal) + "\n", 0b111_101_101);
        File.Copy(bundle.Sandbox["hook"], bundle.Bundle + "/rootfs/bin/hook");
        // What a hook in the container writes is read from the host.
        bundle.Config["mounts"]!.AsArray().Add(JsonNode.Parse($$"""{ "destination": "/seen", "type": "bind", "source": "{{bundle.Sandbox.Path}}", "options": ["rbind", "rw"] }"""));
        bundle.Config["ociVersion"] = "1.3.0";
        bundle.Config["annotations"] = JsonNode.Parse("""{ "org.example.colour": "blue \"and\" green" }""");
    }

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void Hooks_run_at_their_points_in_their_namespaces_with_the_state_and_nothing_but_their_environment()
    {
        using var leaks = new LeakCheck(bundle.Store);
        foreach (string point in (string[])["prestart", "createRuntime", "createContainer", "poststart", "poststop"]) Add(point, bundle.Sandbox["hook"], ["hook", point, bundle.Sandbox["out"]], "PATH=/bin:/usr/bin", "A=1");
        Add("startContainer", "/bin/hook", ["hook", "startContainer", "/seen/out"], "PATH=/bin", "A=1");
        bundle.Write("sh", "-c", "echo ran > /seen/program; sleep 1000");
        Program.Bash($"LD_PRELOAD=/evil.so SECRET=1 {NativeBinary.OciLocation} --root {bundle.Store} create --bundle {bundle.Bundle} hooked </dev/null >/dev/null 2>&1").ExpectSuccess();
        Assert.Equal(["prestart", "createRuntime", "createContainer"], Points());
        Assert.False(File.Exists(bundle.Sandbox["program"]));
        bundle.Oci("start", "hooked").ExpectSuccess();
        for (int tries = 0; tries < 1000 && !File.Exists(bundle.Sandbox["program"]); tries++) Thread.Sleep(10);
        int pid = bundle.State("hooked").GetProperty("pid").GetInt32();
        bundle.Oci("kill", "hooked", "KILL").ExpectSuccess();
        bundle.AwaitStatus("hooked", "stopped");
        bundle.Oci("delete", "hooked").ExpectSuccess();

        Assert.Equal(["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"], Points());
        string mount = Linux.Kernel.TryReadLink("/proc/self/ns/mnt")!, pids = Linux.Kernel.TryReadLink("/proc/self/ns/pid")!;
        foreach ((string point, Dictionary<string, string> seen) in Seen())
        {
            bool inside = InContainer.Contains(point);
            Assert.True(inside == (seen["mnt"] != mount) && inside == (seen["pid"] != pids), $"{point} ran in the wrong namespaces: {seen["mnt"]} {seen["pid"]}");
            Assert.Equal(point == "startContainer" ? "no" : "yes", seen["host"]);
            Assert.Equal(point == "startContainer" ? "A=1,PATH=/bin," : "A=1,PATH=/bin:/usr/bin,", seen["environment"]);
            Assert.Equal(point switch { "startContainer" => "/", "createContainer" => bundle.Bundle + "/rootfs", _ => bundle.Bundle }, seen["pwd"]);
            JsonElement state = JsonDocument.Parse(seen["state"]).RootElement;
            Assert.Equal(("1.3.0", "hooked", bundle.Bundle), (state.GetProperty("ociVersion").GetString(), state.GetProperty("id").GetString(), state.GetProperty("bundle").GetString()));
            Assert.Equal("blue \"and\" green", state.GetProperty("annotations").GetProperty("org.example.colour").GetString());
            Assert.Equal(point switch { "poststart" => "running", "poststop" => "stopped", _ => "created" }, state.GetProperty("status").GetString());
            if (point == "poststop") Assert.False(state.TryGetProperty("pid", out _));
            else Assert.Equal(inside ? 1 : pid, state.GetProperty("pid").GetInt32());
        }
        leaks.Compare();
    }

    [Fact]
    public void A_hook_has_no_descriptors_but_its_streams()
    {
        foreach (string point in (string[])["createRuntime", "createContainer", "poststop"]) Add(point, "/bin/sh", ["sh", "-c", $"ls /proc/self/fd >> {bundle.Sandbox["out"]}"], "PATH=/bin:/usr/bin");
        Add("startContainer", "/bin/sh", ["sh", "-c", "ls /proc/self/fd >> /seen/out"], "PATH=/bin");
        bundle.Write("true");
        bundle.Oci("run", "--bundle", bundle.Bundle, "closed").ExpectSuccess();
        // 3 is the directory that ls reads.
        Assert.Equal(["0", "1", "2", "3", "0", "1", "2", "3", "0", "1", "2", "3", "0", "1", "2", "3"], File.ReadAllLines(bundle.Sandbox["out"]));
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void A_hook_of_create_that_fails_is_an_error_and_the_container_is_undone(string point)
    {
        using var leaks = new LeakCheck(bundle.Store);
        Add(point, "/bin/true", []);
        Add(point, "/bin/sh", ["sh", "-c", "echo told; echo of it >&2; exit 7"]);
        Add(point, "/bin/sh", ["sh", "-c", $"echo third > {bundle.Sandbox["out"]}"]);
        Add("poststop", "/bin/sh", ["sh", "-c", $"echo stopped >> {bundle.Sandbox["stopped"]}"]);
        bundle.Write("sh", "-c", "echo 'point program' >> /seen/out");
        RunResult result = bundle.Create("failing").ExpectExit(1);
        foreach (string part in (string[])[$"{point} hook #1", "/bin/sh", "exit status 7", "told\\nof it", $"/hooks/{point}/1"]) Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(bundle.Sandbox["out"]));
        Assert.Equal(["stopped"], File.ReadAllLines(bundle.Sandbox["stopped"]));
        Assert.Equal(1, bundle.Oci("state", "failing").ExitCode);
        leaks.Compare();
    }

    [Fact]
    public void A_startContainer_hook_that_fails_is_an_error_of_start_and_the_container_has_stopped()
    {
        using var leaks = new LeakCheck(bundle.Store);
        Add("startContainer", "/bin/sh", ["sh", "-c", "echo why; kill -TERM $$"]);
        Add("poststop", "/bin/sh", ["sh", "-c", $"echo stopped >> {bundle.Sandbox["stopped"]}"]);
        bundle.Write("sh", "-c", "echo 'point program' >> /seen/out");
        bundle.Create("failing").ExpectSuccess();
        RunResult result = bundle.Oci("start", "failing").ExpectExit(1);
        foreach (string part in (string[])["startContainer hook #0", "ended by signal 15", "why", "/hooks/startContainer/0"]) Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.Equal("stopped", bundle.Status("failing"));
        Assert.False(File.Exists(bundle.Sandbox["out"]));
        bundle.Oci("delete", "failing").ExpectSuccess();
        Assert.Equal(["stopped"], File.ReadAllLines(bundle.Sandbox["stopped"]));
        leaks.Compare();
    }

    [Theory]
    [InlineData("1.3.0", true)]
    [InlineData("1.2.1", false)]
    [InlineData("1.0.2", false)]
    public void A_poststart_hook_that_fails_stops_the_container_since_1_3_and_is_a_warning_before(string version, bool stops)
    {
        using var leaks = new LeakCheck(bundle.Store);
        bundle.Config["ociVersion"] = version;
        Add("poststart", "/bin/false", []);
        Add("poststart", "/bin/sh", ["sh", "-c", $"echo second > {bundle.Sandbox["out"]}"]);
        bundle.Write("sleep", "1000");
        bundle.Create("failing").ExpectSuccess();
        RunResult result = bundle.Oci("start", "failing").ExpectExit(stops ? 1 : 0);
        Assert.Contains("poststart hook #0", result.Errors, StringComparison.Ordinal);
        Assert.Equal(stops, result.Errors.Contains("level=error", StringComparison.Ordinal));
        Assert.Equal(!stops, result.Errors.Contains("level=warning", StringComparison.Ordinal));
        Assert.Equal(!stops, File.Exists(bundle.Sandbox["out"]));
        Assert.Equal(stops ? "stopped" : "running", bundle.Status("failing"));
        bundle.Oci("delete", "--force", "failing").ExpectSuccess();
        leaks.Compare();
    }

    [Fact]
    public void A_poststop_hook_that_fails_is_a_warning_and_the_others_run()
    {
        using var leaks = new LeakCheck(bundle.Store);
        Add("poststop", "/bin/false", []);
        Add("poststop", "/no/such/hook", []);
        Add("poststop", "/bin/sh", ["sh", "-c", $"echo third > {bundle.Sandbox["out"]}"]);
        bundle.Write("true");
        RunResult result = bundle.Oci("run", "--bundle", bundle.Bundle, "failing").ExpectExit(0);
        foreach (string part in (string[])["level=warning", "poststop hook #0", "poststop hook #1", "/no/such/hook", "ENOENT"]) Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.Equal(["third"], File.ReadAllLines(bundle.Sandbox["out"]));
        leaks.Compare();
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    public void A_hook_that_is_not_there_is_an_error_that_names_it(string point)
    {
        using var leaks = new LeakCheck(bundle.Store);
        Add(point, "/no/such/hook", []);
        bundle.Write("sleep", "1000");
        RunResult result = bundle.Create("missing", "run", "--detach").ExpectExit(1);
        foreach (string part in (string[])[$"{point} hook #0", "/no/such/hook", $"/hooks/{point}/0"]) Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        bundle.Oci("delete", "--force", "missing").ExpectSuccess();
        leaks.Compare();
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    public void A_hook_that_hangs_is_killed_after_its_time_with_all_of_its_process_group(string point)
    {
        using var leaks = new LeakCheck(bundle.Store);
        string file = point == "startContainer" ? "/seen/out" : bundle.Sandbox["out"];
        // 4321 marks the processes; the shell ignores what would end it more gently.
        Add(point, "/bin/sh", ["sh", "-c", $"trap '' TERM INT HUP; sleep 4321 & echo began > {file}; sleep 4321; wait"], "PATH=/bin:/usr/bin");
        bundle.Config["hooks"]![point]![0]!["timeout"] = 1;
        bundle.Write("true");
        RunResult result = bundle.Oci("run", "--bundle", bundle.Bundle, "hanging").ExpectExit(point == "poststop" ? 0 : 1);
        Assert.Contains($"{point} hook #0", result.Errors, StringComparison.Ordinal);
        Assert.Contains("within its 1 s", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["began"], File.ReadAllLines(bundle.Sandbox["out"]));
        Assert.Equal(1, Program.Run("pgrep", ["-f", "^sleep 4321"]).ExitCode);
        leaks.Compare();
    }

    [Fact]
    public void A_hook_that_leaves_a_process_behind_holds_nobody_up()
    {
        Add("createRuntime", "/bin/sh", ["sh", "-c", $"sleep 1000 & echo $! > {bundle.Sandbox["out"]}"], "PATH=/bin:/usr/bin");
        bundle.Write("true");
        bundle.Oci("run", "--bundle", bundle.Bundle, "daemon").ExpectSuccess();
        Program.Run("kill", [File.ReadAllText(bundle.Sandbox["out"]).Trim()]).ExpectSuccess();
    }

    [Fact]
    public void A_hook_need_not_read_the_state_however_large_it_is()
    {
        bundle.Config["annotations"] = new JsonObject { ["large"] = new string('x', 300_000) };
        Add("createRuntime", "/bin/true", []);
        Add("createContainer", "/bin/sh", ["sh", "-c", $"wc -c > {bundle.Sandbox["out"]}"], "PATH=/bin:/usr/bin");
        bundle.Write("true");
        bundle.Oci("run", "--bundle", bundle.Bundle, "large").ExpectSuccess();
        Assert.InRange(int.Parse(File.ReadAllText(bundle.Sandbox["out"])), 300_000, 301_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_startContainer_hook_has_the_rights_of_the_program_and_no_more(bool noNewPrivileges)
    {
        string show = "id -u; grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; mkdir /tmp/made 2>&1; ulimit -n";
        bundle.Process["user"] = JsonNode.Parse("""{ "uid": 1000, "gid": 1000 }""");
        bundle.Process["noNewPrivileges"] = noNewPrivileges;
        bundle.Process["rlimits"] = JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 100, "hard": 100 }]""");
        bundle.Process["capabilities"] = JsonNode.Parse("""{ "bounding": ["CAP_CHOWN"], "permitted": ["CAP_CHOWN"], "effective": [], "inheritable": [], "ambient": [] }""");
        bundle.Linux["seccomp"] = JsonNode.Parse("""{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"], "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }] }""");
        Add("startContainer", "/bin/sh", ["sh", "-c", $"{{ {show}; }} > /tmp/hook"], "PATH=/bin");
        bundle.Write("sh", "-c", $"cat /tmp/hook; echo; {show}");
        string[] lines = string.Join('\n', bundle.Oci("run", "--bundle", bundle.Bundle, "limited").ExpectSuccess().Lines).Split("\n\n");
        Assert.Equal(lines[1], lines[0]);
        Assert.Contains("Function not implemented", lines[0], StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000001", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_createContainer_hook_can_mount_into_the_root()
    {
        Add("createContainer", "/bin/sh", ["sh", "-c", "mkdir -p mnt/from-hook && mount -t tmpfs -o size=64k hook mnt/from-hook && echo mounted > mnt/from-hook/file"], "PATH=/bin:/usr/bin");
        bundle.Write("cat", "/mnt/from-hook/file");
        Assert.Equal(["mounted"], bundle.Oci("run", "--bundle", bundle.Bundle, "mounting").ExpectSuccess().Lines);
        Assert.False(File.Exists(bundle.Bundle + "/rootfs/mnt/from-hook/file"));
    }

    [Fact]
    public void A_hook_can_ask_for_the_state_of_its_container()
    {
        Add("createRuntime", "/bin/sh", ["sh", "-c", $"{NativeBinary.OciLocation} --root {bundle.Store} state asking > {bundle.Sandbox["out"]}"], "PATH=/bin:/usr/bin", "DOTNET_ROOT=" + Environment.GetEnvironmentVariable("DOTNET_ROOT"));
        bundle.Write("true");
        bundle.Oci("run", "--bundle", bundle.Bundle, "asking").ExpectSuccess();
        JsonElement state = JsonDocument.Parse(File.ReadAllText(bundle.Sandbox["out"])).RootElement;
        Assert.Equal("creating", state.GetProperty("status").GetString());
        Assert.True(state.GetProperty("pid").GetInt32() > 1);
    }

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void A_hook_whose_creator_is_killed_ends_with_it_and_the_container_can_be_deleted(string point)
    {
        using var leaks = new LeakCheck(bundle.Store);
        Add(point, "/bin/sh", ["sh", "-c", $"echo began > {bundle.Sandbox["out"]}; exec sleep 1000"], "PATH=/bin:/usr/bin");
        Add("poststop", "/bin/sh", ["sh", "-c", $"echo stopped >> {bundle.Sandbox["stopped"]}"]);
        bundle.Write("true");
        using (RunningProgram create = bundle.StartOci("create", "--bundle", bundle.Bundle, "orphan"))
        {
            for (int tries = 0; tries < 1000 && !File.Exists(bundle.Sandbox["out"]); tries++) Thread.Sleep(10);
            Linux.Kernel.Kill(create.Id, Linux.Signal.Kill);
            create.WaitForEnd();
        }
        bundle.AwaitStatus("orphan", "stopped");
        bundle.Oci("delete", "orphan").ExpectSuccess();
        Assert.Equal(["stopped"], File.ReadAllLines(bundle.Sandbox["stopped"]));
        leaks.Compare();
    }

    [Theory]
    [InlineData("""{ "path": "relative" }""", "/hooks/poststart/0/path")]
    [InlineData("""{ "path": "/bin/true", "timeout": 0 }""", "/hooks/poststart/0/timeout")]
    [InlineData("""{ "path": "/bin/true", "timeout": -5 }""", "/hooks/poststart/0/timeout")]
    public void A_hook_that_the_spec_forbids_is_refused_with_its_place(string hook, string pointer)
    {
        using var leaks = new LeakCheck(bundle.Store);
        bundle.Config["hooks"] = JsonNode.Parse($$"""{ "poststart": [{{hook}}] }""");
        bundle.Write("true");
        Assert.Contains(pointer, bundle.Create("refused").ExpectExit(1).Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    private void Add(string point, string path, string[] arguments, params string[] environment)
    {
        bundle.Config["hooks"] ??= new JsonObject();
        bundle.Config["hooks"]![point] ??= new JsonArray();
        var hook = new JsonObject { ["path"] = path };
        if (arguments.Length > 0) hook["args"] = OciBundle.Words(arguments);
        if (environment.Length > 0) hook["env"] = OciBundle.Words(environment);
        bundle.Config["hooks"]![point]!.AsArray().Add((JsonNode)hook);
    }

    private string[] Points() => [.. Seen().Select(static pair => pair.Point)];

    private List<(string Point, Dictionary<string, string> Lines)> Seen()
    {
        var all = new List<(string, Dictionary<string, string>)>();
        if (!File.Exists(bundle.Sandbox["out"])) return all;
        foreach (string line in File.ReadAllLines(bundle.Sandbox["out"]))
        {
            string[] words = line.Split(' ', 2);
            if (words[0] == "point") all.Add((words[1], []));
            else all[^1].Item2[words[0]] = words[1];
        }
        return all;
    }
}
