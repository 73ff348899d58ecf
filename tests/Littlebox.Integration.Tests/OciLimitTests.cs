using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci: control groups and limits; what the kernel has is what config.json says. On whatever version of cgroups this machine mounts.</summary>
public sealed class OciLimitTests : IDisposable
{
    private readonly LimitedBundle box = new();

    public void Dispose() => box.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_the_kernel_has_is_what_the_document_says(int seed)
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        var random = new Random(seed);
        long memory = random.Next(16, 512) * 1048576L, swap = memory + random.Next(0, 512) * 1048576L, reservation = random.Next(1, 16) * 1048576L;
        int period = random.Next(1000, 1_000_000), quota = random.Next(1000, 1_000_000), pids = random.Next(10, 5000), shares = random.Next(2, 262144), cpu = random.Next(0, Environment.ProcessorCount);
        box.Limit($$"""{ "memory": { "limit": {{memory}}, "swap": {{swap}}, "reservation": {{reservation}} }, "cpu": { "quota": {{quota}}, "period": {{period}}, "shares": {{shares}}, "cpus": "{{cpu}}", "mems": "0" }, "pids": { "limit": {{pids}} } }""");
        box.Create("all");
        Assert.Equal(Text(memory), box.Read("all", "memory", "memory.limit_in_bytes", "memory.max"));
        Assert.Equal(Text(reservation), box.Read("all", "memory", "memory.soft_limit_in_bytes", "memory.low"));
        string swapFile = box.CGroup("all", "memory") + (LimitedBundle.HasLegacy("memory") ? "/memory.memsw.limit_in_bytes" : "/memory.swap.max");
        if (File.Exists(swapFile)) Assert.Equal(Text(LimitedBundle.HasLegacy("memory") ? swap : swap - memory), File.ReadAllText(swapFile).Trim());
        if (LimitedBundle.HasLegacy("cpu"))
        {
            Assert.Equal((Text(quota), Text(period), Text(shares)), (Cpu("cpu.cfs_quota_us"), Cpu("cpu.cfs_period_us"), Cpu("cpu.shares")));
        }
        else
        {
            Assert.Equal($"{quota} {period}", Cpu("cpu.max"));
            double logarithm = Math.Log2(shares);
            Assert.Equal(Text((long)Math.Ceiling(Math.Pow(10, (logarithm * logarithm + 125 * logarithm) / 612 - 7.0 / 34))), Cpu("cpu.weight"));
        }
        Assert.Equal((Text(cpu), "0"), (box.Read("all", "cpuset", "cpuset.cpus", "cpuset.cpus"), box.Read("all", "cpuset", "cpuset.mems", "cpuset.mems")));
        Assert.Equal(Text(pids), box.Read("all", "pids", "pids.max", "pids.max"));
        box.Delete("all");
        Assert.Empty(box.Left());

        string Cpu(string file) => File.ReadAllText($"{box.CGroup("all", "cpu")}/{file}").Trim();
    }

    [Fact]
    public void The_files_of_the_kernel_hold_what_runc_writes_for_the_same_document()
    {
        string? runc = new[] { "/usr/sbin/runc", "/usr/bin/runc" }.FirstOrDefault(File.Exists);
        if (runc is null) Assert.Skip("runc is not installed: apt-get install runc");
        string[] files = LimitedBundle.IsUnified
            ? ["memory.max", "memory.low", "memory.swap.max", "cpu.max", "cpuset.cpus", "cpuset.mems", "pids.max"]
            : ["memory/memory.limit_in_bytes", "memory/memory.memsw.limit_in_bytes", "memory/memory.soft_limit_in_bytes", "memory/memory.swappiness", "memory/memory.oom_control", "cpu/cpu.shares", "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us", "cpuset/cpuset.cpus", "cpuset/cpuset.mems", "pids/pids.max", "devices/devices.list"];
        foreach (string resources in new[]
        {
            "{}",
            """{ "memory": { "limit": 67108864 } }""",
            """{ "memory": { "limit": 67108864, "swap": -1, "reservation": 33554432 }, "pids": { "limit": -1 } }""",
            """{ "memory": { "limit": 67108864, "swap": 134217728 }, "cpu": { "quota": 25000, "period": 50000, "shares": 2048, "cpus": "0", "mems": "0" }, "pids": { "limit": 33 } }""",
            """{ "memory": { "limit": -1 }, "cpu": { "quota": -1, "shares": 0 }, "devices": [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "b", "major": 8, "minor": 0, "access": "r" }, { "allow": true, "type": "c", "major": 10, "access": "rw" }] }""",
            """{ "devices": [{ "allow": true, "access": "rwm" }], "memory": { "limit": 0, "reservation": 0 }, "cpu": { "quota": 50000 } }""",
        })
        {
            box.Limit(resources);
            box.Linux["cgroupsPath"] = $"/{box.Parent}/ours";
            box.Create("ours");
            box.Linux["cgroupsPath"] = $"/{box.Parent}/theirs";
            box.Write();
            string theirs = $"{runc} --root {box.Sandbox["runc"]}";
            Program.Bash($"{theirs} create --bundle {box.Sandbox["bundle"]} theirs </dev/null >/dev/null 2>{box.Sandbox["errors"]} || {{ cat {box.Sandbox["errors"]}; exit 1; }}").ExpectSuccess();
            try
            {
                foreach (string file in files)
                {
                    string controller = LimitedBundle.IsUnified ? "" : file.Split('/')[0], name = file[(file.IndexOf('/') + 1)..];
                    string ours = box.CGroup("ours", controller);
                    if (File.Exists($"{ours}/{name}")) Assert.Equal((file, Lines($"{Path.GetDirectoryName(ours)}/theirs/{name}")), (file, Lines($"{ours}/{name}")));
                }
            }
            finally
            {
                Program.Bash($"{theirs} delete --force theirs");
            }
            box.Delete("ours");
        }

        // runc writes some device rules twice, and may have more defaults of its own than the version that we follow: tun.
        static string Lines(string file) => string.Join('\n', File.ReadAllLines(file).Distinct().Where(line => line != "c 10:200 rwm").Order());
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("relative")]
    [InlineData("absent")]
    public void The_first_process_is_in_the_cgroup_that_the_document_names(string path)
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        string id = "littlebox-" + path;
        if (path == "absent") box.Linux.Remove("cgroupsPath");
        else box.Linux["cgroupsPath"] = path == "absolute" ? $"/{box.Parent}/deep/box" : $"{box.Parent}-relative/box";
        box.Create(id);
        string[] own = [.. File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3)[2].TrimEnd('/'))], its = [.. File.ReadAllLines($"/proc/{box.Pid(id)}/cgroup").Select(line => line.Split(':', 3)[2])];
        for (int i = 0; i < own.Length; i++)
        {
            // On version 2 alone beside the runtime's own, since a cgroup with processes has no controllers for those beneath.
            string begin = LimitedBundle.IsUnified && own[i].Contains('/') ? own[i][..own[i].LastIndexOf('/')] : LimitedBundle.IsUnified ? "" : own[i];
            // In a store of its own the id has a number of the store behind it.
            if (path == "absent") Assert.Matches($"^{begin}/{id}-[0-9a-f]{{8}}$", its[i]);
            else Assert.Equal(path == "absolute" ? $"/{box.Parent}/deep/box" : $"{begin}/{box.Parent}-relative/box", its[i]);
        }
        string[] above = [.. JsonDocument.Parse(File.ReadAllText($"{box.Sandbox["state"]}/{id}/state.json")).RootElement.GetProperty("cgroups").EnumerateObject().Select(pair => Path.GetDirectoryName(pair.Value.GetString())!).Distinct()];
        box.Delete(id);
        // Those above a container's stay; they are the test's own to remove.
        if (path == "relative") Array.ForEach(above, Directory.Delete);
        if (path == "absolute") Array.ForEach(above, directory => Directory.Delete(directory));
        box.Dispose();
        leaks.Compare();
    }

    [Fact]
    public void A_program_sees_its_own_cgroup_as_the_root_and_its_limits()
    {
        box.Limit("""{ "pids": { "limit": 77 } }""");
        string file = LimitedBundle.HasLegacy("pids") ? "/sys/fs/cgroup/pids/pids.max" : "/sys/fs/cgroup/pids.max";
        string[] lines = box.Run($"cut -d: -f3 /proc/self/cgroup | sort -u; cat {file}; (echo 5 > {file}) 2>/dev/null || echo protected").ExpectSuccess().Lines;
        Assert.Equal(["/", "77", "protected"], lines);
    }

    [Fact]
    public void Without_a_cgroup_namespace_the_mount_shows_the_container_s_own_cgroup()
    {
        box.Without("cgroup");
        box.Limit("""{ "pids": { "limit": 78 } }""");
        string place = LimitedBundle.HasLegacy("pids") ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
        string[] lines = box.Run($"cat {place}/pids.max; grep -c . {place}/cgroup.procs; (mkdir {place}/inner) 2>/dev/null || echo protected; grep -c {box.Parent} /proc/self/cgroup").ExpectSuccess().Lines;
        Assert.Equal(["78", "protected"], [lines[0], lines[2]]);
        Assert.NotEqual("0", lines[1]);
        Assert.NotEqual("0", lines[3]);
    }

    [Fact]
    public void Every_hierarchy_of_the_machine_is_in_the_mount()
    {
        Assert.SkipWhen(LimitedBundle.IsUnified, "version 2 is one hierarchy");
        string[] machine = [.. File.ReadAllLines("/proc/self/mountinfo").Where(line => line.Contains(" - cgroup")).Select(line => line.Split(' ')[4]).Where(path => path.StartsWith("/sys/fs/cgroup/")).Select(path => Path.GetFileName(path)).Order()];
        Assert.Equal(machine, box.Run("cd /sys/fs/cgroup; for d in *; do [ -e $d/cgroup.procs ] && echo $d; done").ExpectSuccess().Lines.Order());
    }

    [Fact]
    public void A_limit_of_no_processes_is_a_limit()
    {
        box.Limit("""{ "pids": { "limit": 0 } }""");
        Assert.Equal("no more", box.Run("(exit 0) 2>/dev/null; echo no more").Output.Trim() is "" ? "no more" : "it forked");
    }

    [Fact]
    public void Devices_are_denied_but_those_of_every_container_and_those_of_the_rules()
    {
        // 1:11 is the kernel's log, 1:5 is zero; to make them is allowed, to open them what the rules say.
        const string script = "mknod /dev/log c 1 11; : < /dev/zero && echo zero; (: < /dev/log) 2>/dev/null && echo log; (: > /dev/log) 2>/dev/null && echo written; true";
        box.Linux["resources"] = null;
        Assert.Equal(["zero"], box.Run(script).ExpectSuccess().Lines);
        box.Limit("""{ "devices": [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 1, "minor": 11, "access": "r" }] }""");
        Assert.Equal(["zero", "log"], box.Run(script).ExpectSuccess().Lines);
        box.Limit("""{ "devices": [{ "allow": true, "access": "rwm" }] }""");
        Assert.Equal(["zero", "log", "written"], box.Run(script).ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("""{ "memory": { "limit": 8388608, "swap": 4194304 } }""", "/linux/resources/memory/")]
    [InlineData("""{ "cpu": { "cpus": "4000" } }""", "/linux/resources/cpu/cpus")]
    [InlineData("""{ "cpu": { "quota": 1000, "burst": 2000 } }""", "/linux/resources/cpu/burst")]
    [InlineData("""{ "rdma": { "mlx5_0": { "hcaHandles": 3 } } }""", "/linux/resources/rdma/mlx5_0")]
    [InlineData("""{ "hugepageLimits": [{ "pageSize": "3MB", "limit": 4096 }] }""", "/linux/resources/hugepageLimits/0")]
    [InlineData("""{ "blockIO": { "throttleReadBpsDevice": [{ "major": 4000, "minor": 1, "rate": 1 }] } }""", "/linux/resources/blockIO/throttleReadBpsDevice/0")]
    [InlineData("""{ "blockIO": { "weight": 5 } }""", "/linux/resources/blockIO/weight")]
    [InlineData("""{ "unified": { "cgroup.procs": "1" } }""", "/linux/resources/unified/cgroup.procs")]
    [InlineData("""{ "devices": [{ "allow": true, "type": "c", "major": 99999999999, "access": "r" }] }""", "/linux/resources/devices/0/major")]
    public void A_limit_that_cannot_be_enforced_is_refused_with_its_place_and_nothing_is_left(string resources, string pointer)
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Limit(resources).Write();
        Assert.Contains(pointer, box.Oci("create", "--bundle", box.Sandbox["bundle"], "refused").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Empty(box.Left());
    }

    [Fact]
    public void A_cgroup_with_processes_is_not_taken()
    {
        box.Create("first");
        box.Write();
        Assert.Contains("has processes in it already", box.Oci("create", "--bundle", box.Sandbox["bundle"], "second").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal("created", box.Status("first"));
        Assert.Equal(1, box.Oci("state", "second").ExitCode);
    }

    [Fact]
    public void What_a_container_without_a_pid_namespace_leaves_behind_ends_with_its_deletion()
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Without("pid");
        box.Start("shared", "sh", "-c", "sleep 1001 & sleep 1002 & exec true");
        LimitedBundle.Await(() => box.Status("shared") == "stopped", "the end of the first process");
        string procs = box.CGroup("shared", LimitedBundle.IsUnified ? "" : "pids") + "/cgroup.procs";
        int[] left = [.. File.ReadAllLines(procs).Select(int.Parse)];
        Assert.Equal(2, left.Length);
        box.Delete("shared");
        Assert.Empty(box.Left());
    }

    [Fact]
    public void A_program_that_is_not_there_leaves_no_cgroup()
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Write("/bin/nowhere");
        box.Oci("create", "--bundle", box.Sandbox["bundle"], "missing").ExpectExit(1);
        Assert.Empty(box.Left());
    }

    [Fact]
    public void Of_two_creates_with_one_id_one_makes_the_container()
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Write();
        string create = $"{NativeBinary.OciLocation} --root {box.Sandbox["state"]} create --bundle {box.Sandbox["bundle"]} one </dev/null >/dev/null 2>&1";
        for (int round = 0; round < 5; round++)
        {
            Assert.Equal("1", Program.Bash($"({create} && echo made) & ({create} && echo made) & ({create} && echo made) & wait").Lines.Count(line => line == "made").ToString());
            Assert.Equal("created", box.Status("one"));
            box.Delete("one");
            Assert.Empty(box.Left());
        }
    }

    [Fact]
    public void A_create_that_is_killed_at_any_call_leaves_nothing_that_delete_force_does_not_remove()
    {
        if (!File.Exists("/usr/bin/strace")) Assert.Skip("strace is not installed: apt-get install strace");
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Limit("""{ "memory": { "limit": 67108864 }, "pids": { "limit": 50 } }""").Write();
        string create = $"{NativeBinary.OciLocation} --root {box.Sandbox["state"]} create --bundle {box.Sandbox["bundle"]} killed </dev/null >/dev/null 2>&1";
        int calls = Program.Bash($"strace -o {box.Sandbox["calls"]} {create}; wc -l < {box.Sandbox["calls"]}").Lines is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
        box.Delete("killed");
        Assert.InRange(calls, 100, 3000);
        // The first calls are those of any program; each cgroup made and each limit written is a few calls.
        for (int call = calls / 4; call < calls; call += Math.Max(1, calls / 40))
        {
            Program.Bash($"strace -o /dev/null -e inject=all:signal=SIGKILL:when={call} {create} || true");
            box.Oci("delete", "--force", "killed").ExpectSuccess();
            Assert.True(!box.Left().Any(), $"call {call} of {calls}: {string.Join(' ', box.Left())}");
        }
    }

    [Fact]
    public void A_full_disk_for_the_state_is_an_error_and_leaves_nothing()
    {
        using var leaks = new LeakCheck(box.Sandbox["state"]);
        box.Config["annotations"] = new JsonObject { ["filler"] = new string('x', 9000) };
        box.Write();
        Directory.CreateDirectory(box.Sandbox["small"]);
        // 16 KiB: config.json fits, the state does not.
        RunResult result = Program.Run("unshare", ["-m", "sh", "-euc", $"mount -t tmpfs -o size=16k,mode=700 tmpfs {box.Sandbox["small"]}; code=0; {NativeBinary.OciLocation} --root {box.Sandbox["small"]} create -b {box.Sandbox["bundle"]} full </dev/null >/dev/null 2>{box.Sandbox["errors"]} || code=$?; ls -A {box.Sandbox["small"]}; echo code $code"]);
        Assert.Equal(["code 1"], result.Lines);
        Assert.Contains("o space left", File.ReadAllText(box.Sandbox["errors"]), StringComparison.Ordinal);
        Assert.Empty(box.Left());
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
