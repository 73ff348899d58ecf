using System.Text.Json;
using System.Text.Json.Nodes;
using Littlebox.Linux;

namespace Littlebox.Integration.Tests;

/// <summary>What the runtime-spec says with MUST and no other test proves (docs/conformance.md has the list of all of them): runtime.md, runtime-linux.md, config.md.</summary>
public sealed class OciSpecTests : IDisposable
{
    private readonly OciBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void The_program_does_not_run_before_start_and_no_change_of_the_document_reaches_it()
    {
        bundle.Write("sh", "-c", "echo as created > /tmp/ran");
        bundle.Create("one").ExpectSuccess();
        Assert.Equal("created", bundle.Status("one"));
        Assert.False(File.Exists(bundle.Sandbox["bundle/rootfs/tmp/ran"]));
        bundle.Write("sh", "-c", "echo as changed > /tmp/ran");
        bundle.Oci("start", "one").ExpectSuccess();
        bundle.AwaitStatus("one", "stopped");
        Assert.Equal("as created\n", File.ReadAllText(bundle.Sandbox["bundle/rootfs/tmp/ran"]));
    }

    [Fact]
    public void Start_and_kill_in_the_wrong_state_are_errors_without_effect()
    {
        bundle.Start("one", "sh", "-c", "echo ran >> /tmp/ran");
        bundle.AwaitStatus("one", "stopped");
        string before = bundle.State("one").ToString();
        Assert.Contains("cannot start a container that has stopped: one", bundle.Oci("start", "one").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Contains("container not running", bundle.Oci("kill", "one", "KILL").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal(before, bundle.State("one").ToString());
        Assert.Equal("ran\n", File.ReadAllText(bundle.Sandbox["bundle/rootfs/tmp/ran"]));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("start")]
    [InlineData("kill")]
    [InlineData("delete")]
    [InlineData("create")]
    public void An_operation_without_an_id_or_for_a_container_that_is_not_there_is_an_error(string verb)
    {
        bundle.Write("true");
        Assert.NotEqual(0, (verb == "create" ? bundle.Oci(verb, "--bundle", bundle.Bundle) : bundle.Oci(verb)).ExitCode);
        Assert.NotEqual(0, (verb == "create" ? bundle.Oci(verb, "--bundle", bundle.Bundle + "/nowhere", "one") : bundle.Oci(verb, "nobody")).ExitCode);
        Assert.Equal("", bundle.Oci("list", "-q").ExpectSuccess().Output);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a\nb")]
    public void An_id_that_is_no_name_makes_no_container(string id)
    {
        using var leaks = new LeakCheck(bundle.Store);
        bundle.Write("true");
        bundle.Oci("run", "--bundle", bundle.Bundle, id).ExpectExit(1);
        leaks.Compare();
    }

    [Fact]
    public void An_id_is_one_container_s_until_it_is_deleted()
    {
        bundle.Start("one", "sleep", "1000");
        int pid = bundle.State("one").GetProperty("pid").GetInt32();
        bundle.Oci("create", "--bundle", bundle.Bundle, "one").ExpectExit(1);
        Assert.Equal(("running", pid), (bundle.Status("one"), bundle.State("one").GetProperty("pid").GetInt32()));
        bundle.Oci("kill", "one", "KILL").ExpectSuccess();
        bundle.AwaitStatus("one", "stopped");
        bundle.Oci("delete", "one").ExpectSuccess();
        bundle.Start("one", "sleep", "1000");
        Assert.Equal("running", bundle.Status("one"));
    }

    [Fact]
    public void The_state_has_every_field_that_is_required()
    {
        bundle.Config["annotations"] = JsonNode.Parse("""{ "org.example.key": "a \"value\"", "com.example.empty": "" }""");
        bundle.Start("one", "sleep", "1000");
        JsonElement state = bundle.State("one");
        Assert.Equal(("1.2.0", "one", "running", bundle.Bundle), (state.GetProperty("ociVersion").GetString(), state.GetProperty("id").GetString(), state.GetProperty("status").GetString(), state.GetProperty("bundle").GetString()));
        Assert.Equal(JsonValueKind.Number, state.GetProperty("pid").ValueKind);
        Assert.Equal(["org.example.key=a \"value\"", "com.example.empty="], state.GetProperty("annotations").EnumerateObject().Select(static pair => $"{pair.Name}={pair.Value.GetString()}"));
    }

    [Fact]
    public void A_container_without_a_process_is_created_entered_and_never_started()
    {
        using var leaks = new LeakCheck(bundle.Store);
        bundle.Config.Remove("process");
        bundle.Sandbox.Write("bundle/config.json", bundle.Config.ToJsonString());
        bundle.Create("idle").ExpectSuccess();
        Assert.Contains("/process", bundle.Oci("start", "idle").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal("created", bundle.Status("idle"));
        Assert.Equal(["bundled"], bundle.Oci("exec", "idle", "/bin/hostname").ExpectSuccess().Lines);
        bundle.Delete("idle");
        leaks.Compare();
    }

    [Fact]
    public void A_property_that_nobody_knows_is_ignored()
    {
        bundle.Config["future"] = JsonNode.Parse("""{ "deep": [1, { "er": null }] }""");
        bundle.Process["future"] = 1;
        bundle.Linux["future"] = "x";
        bundle.Config["annotations"] = JsonNode.Parse("""{ "org.opencontainers.future": "x" }""");
        bundle.Run("true").ExpectSuccess();
    }

    [Fact]
    public void A_container_without_a_mount_namespace_is_in_the_runtime_s_and_its_mounts_are_in_nobody_s_way()
    {
        using var leaks = new LeakCheck(bundle.Store);
        JsonArray namespaces = bundle.Linux["namespaces"]!.AsArray();
        namespaces.Remove(namespaces.Single(static entry => entry!["type"]!.GetValue<string>() == "mount"));
        string mounts = File.ReadAllText("/proc/self/mountinfo"), own = Program.Bash("readlink /proc/self/ns/mnt").ExpectSuccess().Output.Trim();
        bundle.Start("guest", "sh", "-c", "ls /dev/null; cat /proc/1/comm; readlink /proc/self/ns/mnt; pwd > /tmp/inside; exec sleep 1000");
        Assert.Equal([own, "sh"], bundle.Oci("exec", "guest", "sh", "-c", "readlink /proc/self/ns/mnt; cd /; ls tmp/inside >/dev/null && echo sh").ExpectSuccess().Lines);
        Assert.Equal(["/dev/null", "/proc/version", "/sys/kernel"], bundle.Oci("exec", "--cwd", "/tmp", "guest", "ls", "-d", "/dev/null", "/proc/version", "/sys/kernel").ExpectSuccess().Lines);
        Assert.Equal(["protected", "no"], bundle.Oci("exec", "guest", "sh", "-c", $"(: > /proc/sys/kernel/hostname) 2>/dev/null || echo protected; test -e {bundle.Bundle} || echo no").ExpectSuccess().Lines);
        Assert.Equal(mounts, File.ReadAllText("/proc/self/mountinfo"));
        bundle.Delete("guest");
        Assert.Equal(mounts, File.ReadAllText("/proc/self/mountinfo"));
        leaks.Compare();
    }

    [Fact]
    public void Namespaces_that_the_document_does_not_name_are_the_runtime_s()
    {
        bundle.Linux["namespaces"] = new JsonArray();
        bundle.Config.Remove("hostname");
        bundle.Start("guest", "sleep", "1000");
        int pid = bundle.State("guest").GetProperty("pid").GetInt32();
        foreach (string kind in (string[])["mnt", "uts", "ipc", "net", "pid", "cgroup", "user", "time"])
            Assert.Equal(Kernel.TryReadLink($"/proc/self/ns/{kind}"), Kernel.TryReadLink($"/proc/{pid}/ns/{kind}"));
        Assert.Equal(["/bin", "no"], bundle.Oci("exec", "guest", "sh", "-c", $"ls -d /bin; test -e {bundle.Bundle} || echo no").ExpectSuccess().Lines);
    }

    [Fact]
    public void Devices_and_links_that_every_container_has_are_there()
    {
        string[] lines = bundle.Run("sh", "-c",
            "for d in null zero full random urandom tty; do stat -c '%n %F %t:%T %a' /dev/$d; done; for l in fd stdin stdout stderr ptmx; do echo $l $(readlink /dev/$l); done").ExpectSuccess().Lines;
        Assert.Equal(
        [
            "/dev/null character special file 1:3 666", "/dev/zero character special file 1:5 666", "/dev/full character special file 1:7 666",
            "/dev/random character special file 1:8 666", "/dev/urandom character special file 1:9 666", "/dev/tty character special file 5:0 666",
            "fd /proc/self/fd", "stdin /proc/self/fd/0", "stdout /proc/self/fd/1", "stderr /proc/self/fd/2", "ptmx pts/ptmx",
        ], lines);
    }

    [Fact]
    public void Links_to_proc_are_not_made_where_nothing_is_there()
    {
        JsonArray mounts = bundle.Config["mounts"]!.AsArray();
        mounts.Remove(mounts.Single(static mount => mount!["destination"]!.GetValue<string>() == "/proc"));
        bundle.Linux.Remove("maskedPaths");
        bundle.Linux.Remove("readonlyPaths");
        Assert.Equal(["null", "ptmx"], bundle.Run("sh", "-c", "cd /dev; for l in fd stdin stdout stderr null ptmx; do [ ! -e $l ] || echo $l; done").ExpectSuccess().Lines);
    }

    [Fact]
    public void Every_word_that_features_names_is_taken()
    {
        JsonElement features = JsonDocument.Parse(bundle.Oci("features").ExpectSuccess().Output).RootElement, linux = features.GetProperty("linux");
        foreach (string set in (string[])["bounding", "effective", "permitted"]) bundle.Process["capabilities"]![set] = Words(linux.GetProperty("capabilities"));
        JsonElement seccomp = linux.GetProperty("seccomp");
        var rules = new JsonArray();
        // Notify is another test's; the flags are those that need no more than a filter.
        foreach (string action in Strings(seccomp.GetProperty("actions")).Where(static action => action != "SCMP_ACT_NOTIFY"))
            rules.Add(new JsonObject { ["names"] = OciBundle.Words("swapon"), ["action"] = action, ["args"] = JsonNode.Parse($$"""[{ "index": 0, "value": {{rules.Count}}, "op": "SCMP_CMP_EQ" }]""") });
        foreach (string comparison in Strings(seccomp.GetProperty("operators")))
            rules.Add(new JsonObject { ["names"] = OciBundle.Words("swapoff"), ["action"] = "SCMP_ACT_ERRNO", ["args"] = JsonNode.Parse($$"""[{ "index": 0, "value": 255, "valueTwo": 1, "op": "{{comparison}}" }]""") });
        bundle.Linux["seccomp"] = new JsonObject { ["defaultAction"] = "SCMP_ACT_ALLOW", ["architectures"] = Words(seccomp.GetProperty("archs")), ["syscalls"] = rules };
        if (seccomp.TryGetProperty("supportedFlags", out JsonElement flags)) bundle.Linux["seccomp"]!["flags"] = new JsonArray([.. Strings(flags).Where(static flag => !flag.Contains("WAIT_KILLABLE", StringComparison.Ordinal)).Select(static flag => (JsonNode)flag)]);
        foreach (string kind in Strings(linux.GetProperty("namespaces")).Where(static kind => kind is not "user"))
        {
            JsonArray namespaces = bundle.Linux["namespaces"]!.AsArray();
            if (!namespaces.Any(entry => entry!["type"]!.GetValue<string>() == kind)) namespaces.Add(new JsonObject { ["type"] = kind });
        }
        // Where the caller lacks some of the capabilities, that is a warning.
        bundle.Run("true").ExpectExit(0);

        static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(static word => word.GetString()!);
        static JsonArray Words(JsonElement list) => OciBundle.Words([.. Strings(list)]);
    }

    [Fact]
    public void Devices_of_the_document_have_its_type_numbers_mode_and_owner()
    {
        bundle.Linux["devices"] = JsonNode.Parse("""
            [{ "path": "/dev/c", "type": "c", "major": 1, "minor": 3, "fileMode": 432, "uid": 7, "gid": 8 }, { "path": "/dev/u", "type": "u", "major": 1, "minor": 5 },
             { "path": "/dev/sub/b", "type": "b", "major": 8, "minor": 666 }, { "path": "/dev/p", "type": "p", "fileMode": 384 }, { "path": "/elsewhere/null", "type": "c", "major": 1, "minor": 3 }]
            """);
        Assert.Equal(
            ["/dev/c character special file 1:3 660 7 8", "/dev/u character special file 1:5 666 0 0", "/dev/sub/b block special file 8:29a 666 0 0", "/dev/p fifo 0:0 600 0 0", "/elsewhere/null character special file 1:3 666 0 0"],
            bundle.Run("stat", "-c", "%n %F %t:%T %a %u %g", "/dev/c", "/dev/u", "/dev/sub/b", "/dev/p", "/elsewhere/null").ExpectSuccess().Lines);
    }

    [Fact]
    public void The_root_is_read_only_where_the_document_says_so_and_mounts_on_it_are_not()
    {
        bundle.Config["root"]!["readonly"] = true;
        Assert.Equal(["no", "yes"], bundle.Run("sh", "-c", "(: > /file) 2>/dev/null && echo yes || echo no; (: > /dev/file) && echo yes").ExpectSuccess().Lines);
    }

    [Fact]
    public void The_process_is_where_and_who_the_document_says_with_its_arguments_and_environment()
    {
        bundle.Process["user"] = JsonNode.Parse("""{ "uid": 1000, "gid": 1001, "additionalGids": [5, 1234], "umask": 63 }""");
        bundle.Process["cwd"] = "/bin";
        bundle.Process["env"] = new JsonArray("PATH=/bin", "A=b=c", "EMPTY=");
        bundle.Process["capabilities"] = new JsonObject();
        bundle.Process["consoleSize"] = JsonNode.Parse("""{ "height": 4000000000, "width": 4000000000 }""");
        Assert.Equal(["/bin", "1000", "1001", "Groups:\t5 1234 ", "0077", "b=c", "set", "sh,a b,"],
            bundle.Run("sh", "-c", "pwd; id -u; id -g; grep Groups: /proc/self/status; umask; echo $A; echo ${EMPTY+set}; echo \"$0,$1,$2\"", "sh", "a b", "").ExpectSuccess().Lines);
    }

    [Fact]
    public void The_out_of_memory_score_is_the_caller_s_where_the_document_has_none()
    {
        bundle.Write("cat", "/proc/self/oom_score_adj");
        Assert.Equal(["321"], Program.Bash($"echo 321 > /proc/self/oom_score_adj; exec {OciBundle.Binary} --root {bundle.Store} run --bundle {bundle.Bundle} scored").ExpectSuccess().Lines);
        bundle.Process["oomScoreAdj"] = 322;
        Assert.Equal(["322"], bundle.Run("cat", "/proc/self/oom_score_adj").ExpectSuccess().Lines);
    }

    [Fact]
    public void Capabilities_that_the_caller_cannot_give_are_a_warning_and_the_container_has_the_others()
    {
        foreach (string set in (string[])["bounding", "effective", "permitted", "inheritable", "ambient"]) bundle.Process["capabilities"]![set] = new JsonArray("CAP_KILL", "CAP_CHOWN");
        bundle.Process["capabilities"]!["ambient"]!.AsArray().Add("CAP_SETUID");
        bundle.Write("grep", "^Cap", "/proc/self/status");
        // A file with setpriv(1)'s bounding set: what root executes from there has no more.
        string run = $"{OciBundle.Binary} --root {bundle.Store} --log {bundle.Sandbox["log"]} run --bundle {bundle.Bundle} poor";
        Assert.Equal(["CapInh:\t0000000000000001", "CapPrm:\t0000000000000001", "CapEff:\t0000000000000001", "CapBnd:\t0000000000000001", "CapAmb:\t0000000000000001"],
            Program.Bash($"exec setpriv --bounding-set=-kill {run}").ExpectSuccess().Lines);
        Assert.Contains("ignoring unknown or unavailable capabilities: [CAP_KILL CAP_SETUID]", File.ReadAllText(bundle.Sandbox["log"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_that_features_names_are_taken_and_others_are_not()
    {
        JsonElement features = JsonDocument.Parse(bundle.Oci("features").ExpectSuccess().Output).RootElement;
        foreach (string field in (string[])["ociVersionMin", "ociVersionMax"])
        {
            bundle.Config["ociVersion"] = features.GetProperty(field).GetString();
            bundle.Run("true").ExpectSuccess();
        }
        Assert.Equal(["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"], features.GetProperty("hooks").EnumerateArray().Select(static hook => hook.GetString()));
        bundle.Config["ociVersion"] = "2.0.0";
        bundle.Run("true").ExpectExit(1);
    }

    [Theory]
    [InlineData("shared", "shared:")]
    [InlineData("slave", "")]
    [InlineData("private", "")]
    [InlineData("unbindable", "unbindable")]
    public void The_root_has_the_propagation_of_the_document(string propagation, string field)
    {
        bundle.Linux["rootfsPropagation"] = propagation;
        string line = bundle.Run("sh", "-c", "grep ' / / \\| /[^ ]* / ' /proc/self/mountinfo | tail -1").ExpectSuccess().Output;
        string optional = line[..line.IndexOf(" - ", StringComparison.Ordinal)];
        foreach (string candidate in (string[])["shared:", "unbindable"])
            Assert.True(optional.Contains(candidate, StringComparison.Ordinal) == (candidate == field), $"{propagation}: {line}");
    }

    [Fact]
    public void A_relative_path_of_a_cgroup_begins_at_the_same_place_each_time()
    {
        string name = $"relative-{Environment.ProcessId}";
        bundle.Linux["cgroupsPath"] = name;
        bundle.Linux["resources"] = JsonNode.Parse("""{ "pids": { "limit": 50 } }""");
        List<string> seen = [];
        for (int round = 0; round < 2; round++)
        {
            bundle.Start("placed", "sleep", "1000");
            seen.Add(File.ReadAllText($"/proc/{bundle.State("placed").GetProperty("pid").GetInt32()}/cgroup"));
            bundle.Delete("placed");
        }
        Assert.Equal(seen[0], seen[1]);
        Assert.Contains("/" + name + "\n", seen[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Delete_takes_away_what_create_has_made_and_nothing_else()
    {
        string group = $"kept-{Environment.ProcessId}";
        string[] hierarchies = LimitedBundle.IsUnified ? ["/sys/fs/cgroup"] : [.. Directory.GetDirectories("/sys/fs/cgroup").Where(static directory => File.Exists(directory + "/cgroup.procs"))];
        Assert.NotEmpty(hierarchies);
        foreach (string hierarchy in hierarchies) Directory.CreateDirectory($"{hierarchy}/{group}");
        try
        {
            bundle.Linux["cgroupsPath"] = $"/{group}/container";
            bundle.Start("one", "sleep", "1000");
            string[] own = [.. hierarchies.Where(hierarchy => Directory.Exists($"{hierarchy}/{group}/container"))];
            Assert.NotEmpty(own);
            bundle.Delete("one");
            Assert.DoesNotContain(own, hierarchy => Directory.Exists($"{hierarchy}/{group}/container"));
            Assert.All(hierarchies, hierarchy => Assert.True(Directory.Exists($"{hierarchy}/{group}")));
            Assert.True(File.Exists(bundle.Bundle + "/rootfs/bin/busybox"));
        }
        finally
        {
            foreach (string hierarchy in hierarchies) Directory.Delete($"{hierarchy}/{group}");
        }
    }
}
