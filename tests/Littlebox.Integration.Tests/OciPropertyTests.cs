using System.Net.Sockets;
using System.Text.Json.Nodes;
using Littlebox.Linux;

namespace Littlebox.Integration.Tests;

/// <summary>What config.json says of a process beside who it is and what it may: when and where it runs, its labels and limits (config.md, Process). Asked of util-linux from outside.</summary>
public sealed class OciPropertyTests : IDisposable
{
    private readonly OciBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Theory]
    [InlineData("""{ "policy": "SCHED_OTHER", "nice": 7 }""", "SCHED_OTHER", 7, "priority: 0")]
    [InlineData("""{ "policy": "SCHED_BATCH", "nice": -5 }""", "SCHED_BATCH", -5, "priority: 0")]
    [InlineData("""{ "policy": "SCHED_IDLE", "flags": ["SCHED_FLAG_RESET_ON_FORK"] }""", "SCHED_IDLE|SCHED_RESET_ON_FORK", 0, "priority: 0")]
    [InlineData("""{ "policy": "SCHED_FIFO", "priority": 5 }""", "SCHED_FIFO", 0, "priority: 5")]
    [InlineData("""{ "policy": "SCHED_RR", "priority": 9 }""", "SCHED_RR", 0, "priority: 9")]
    [InlineData("""{ "policy": "SCHED_DEADLINE", "runtime": 5000000, "deadline": 10000000, "period": 20000000, "flags": ["SCHED_FLAG_RESET_ON_FORK"] }""", "SCHED_DEADLINE|SCHED_RESET_ON_FORK", 0, "parameters: 5000000/10000000/20000000")]
    public void The_scheduler_is_the_document_s_for_the_first_process_and_for_later_ones(string scheduler, string policy, int nice, string numbers)
    {
        string own = scheduler.Contains("FIFO", StringComparison.Ordinal) ? "chrt -f 5 true" : scheduler.Contains("RR", StringComparison.Ordinal) ? "chrt -r 9 true"
            : scheduler.Contains("DEADLINE", StringComparison.Ordinal) ? "chrt -d -T 5000000 -D 10000000 -P 20000000 0 true" : nice < 0 ? "nice -n -5 chrt -b 0 true" : "true";
        if (Program.Bash(own).ExitCode != 0) Assert.Skip($"this machine does not let root do it either: {own}");
        bundle.Process["scheduler"] = JsonNode.Parse(scheduler);
        // Where cgroups have shares of real time (CONFIG_RT_GROUP_SCHED), a new one has none.
        if (File.Exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us")) bundle.Linux["resources"] = JsonNode.Parse("""{ "cpu": { "realtimePeriod": 1000000, "realtimeRuntime": 10000 } }""");
        bundle.Start("scheduled");
        Check(bundle.State("scheduled").GetProperty("pid").GetInt32());
        using RunningProgram second = bundle.StartOci("exec", "--pid-file", bundle.Sandbox["pid"], "scheduled", "sh", "-c", "echo ready; exec sleep 1000");
        second.WaitForOutput("ready");
        for (int tries = 0; tries < 500 && !File.Exists(bundle.Sandbox["pid"]); tries++) Thread.Sleep(10);
        int pid = int.Parse(File.ReadAllText(bundle.Sandbox["pid"]));
        Check(pid);
        Kernel.Kill(pid, Signal.Kill);
        second.WaitForEnd();

        void Check(int process)
        {
            string shown = Program.Run("chrt", ["-p", $"{process}"]).ExpectSuccess().Output;
            Assert.Contains($"policy: {policy}\n", shown, StringComparison.Ordinal);
            Assert.Contains(numbers, shown, StringComparison.Ordinal);
            string stat = File.ReadAllText($"/proc/{process}/stat");
            Assert.Equal($"{nice}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]);
        }
    }

    [Theory]
    [InlineData("IOPRIO_CLASS_BE", 3, "best-effort: prio 3")]
    [InlineData("IOPRIO_CLASS_RT", 5, "realtime: prio 5")]
    [InlineData("IOPRIO_CLASS_IDLE", 0, "idle")]
    public void The_priority_of_input_and_output_is_the_document_s(string kind, int priority, string shown)
    {
        bundle.Process["ioPriority"] = new JsonObject { ["class"] = kind, ["priority"] = priority };
        bundle.Start("io");
        Assert.Equal([shown], Program.Run("ionice", ["-p", $"{bundle.State("io").GetProperty("pid").GetInt32()}"]).ExpectSuccess().Lines);
    }

    [Fact]
    public void Personality_and_memory_policy_are_those_of_every_process()
    {
        bundle.Linux["personality"] = JsonNode.Parse("""{ "domain": "LINUX32" }""");
        string machine = Program.Bash("setarch linux32 uname -m").Output;
        bool numa = File.Exists("/proc/self/numa_maps");
        if (numa) bundle.Linux["memoryPolicy"] = JsonNode.Parse("""{ "mode": "MPOL_INTERLEAVE", "nodes": "0" }""");
        bundle.Start("thirtytwo", "sh", "-c", "uname -m > /tmp/first; head -1 /proc/self/numa_maps >> /tmp/first; sleep 1000");
        string[] second = bundle.Oci("exec", "thirtytwo", "sh", "-c", "until [ -s /tmp/first ]; do sleep 0.05; done; uname -m; head -1 /proc/self/numa_maps").ExpectExit(numa ? 0 : 1).Lines;
        Assert.Equal(machine.Trim(), second[0]);
        Assert.StartsWith(machine, File.ReadAllText(bundle.Sandbox["bundle/rootfs/tmp/first"]), StringComparison.Ordinal);
        if (numa) Assert.Contains(" interleave:0 ", second[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_memory_policy_for_nodes_that_are_not_there_is_an_error()
    {
        if (!File.Exists("/proc/self/numa_maps")) Assert.Skip("this kernel has no memory policies (CONFIG_NUMA)");
        bundle.Linux["memoryPolicy"] = JsonNode.Parse("""{ "mode": "MPOL_BIND", "nodes": "900" }""");
        Assert.Contains("/linux/memoryPolicy", bundle.Run("true").ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_process_is_bound_to_the_processors_that_the_document_names_and_the_first_one_to_none()
    {
        if (Environment.ProcessorCount < 2) Assert.Skip("this machine has one processor");
        bundle.Process["execCPUAffinity"] = JsonNode.Parse("""{ "initial": "0", "final": "1" }""");
        bundle.Write("sleep", "1000");
        // Started by somebody who is bound himself.
        Program.Bash($"taskset -c 0 {OciBundle.Binary} --root {bundle.Sandbox["state"]} create --bundle {bundle.Sandbox["bundle"]} bound </dev/null >/dev/null 2>{bundle.Sandbox["errors"]}").ExpectSuccess();
        try
        {
            string all = Program.Bash("grep Cpus_allowed_list /proc/self/status").Output;
            Assert.Equal(all, Program.Bash($"grep Cpus_allowed_list /proc/{bundle.State("bound").GetProperty("pid").GetInt32()}/status").Output);
            Assert.Equal(["Cpus_allowed_list:\t1"], bundle.Oci("exec", "bound", "grep", "Cpus_allowed_list", "/proc/self/status").ExpectSuccess().Lines);
        }
        finally
        {
            bundle.Delete("bound");
        }
    }

    [Theory]
    [InlineData("process", "apparmorProfile", "docker-default", "/process/apparmorProfile: AppArmor is not enabled", "/sys/module/apparmor/parameters/enabled")]
    [InlineData("process", "selinuxLabel", "system_u:system_r:container_t:s0", "/process/selinuxLabel: SELinux is not enabled", "/sys/fs/selinux/enforce")]
    [InlineData("linux", "mountLabel", "system_u:object_r:container_file_t:s0", "/linux/mountLabel: SELinux is not enabled", "/sys/fs/selinux/enforce")]
    public void A_label_that_this_machine_cannot_set_is_an_error(string part, string field, string value, string words, string sign)
    {
        if (File.Exists(sign)) Assert.Skip($"this machine has it: {sign}");
        using var leaks = new LeakCheck(bundle.Sandbox["state"]);
        bundle.Config[part]![field] = value;
        Assert.Contains(words, bundle.Run("true").ExpectExit(1).Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Fact]
    public void Shares_of_the_cache_that_this_kernel_cannot_give_are_an_error()
    {
        if (File.ReadAllText("/proc/filesystems").Contains("\tresctrl\n", StringComparison.Ordinal)) Assert.Skip("this machine has resctrl");
        bundle.Linux["intelRdt"] = JsonNode.Parse("""{ "closID": "one" }""");
        Assert.Contains("/linux/intelRdt: this kernel, or this processor, has no resctrl", bundle.Run("true").ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_refuses_a_label_too()
    {
        bundle.Start("one");
        if (!File.Exists("/sys/module/apparmor/parameters/enabled"))
            Assert.Contains("AppArmor is not enabled", bundle.Oci("exec", "--apparmor", "docker-default", "one", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
        if (!File.Exists("/sys/fs/selinux/enforce"))
            Assert.Contains("SELinux is not enabled", bundle.Oci("exec", "--process-label", "a:b:c:d", "one", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Capabilities_that_nobody_knows_are_a_warning_in_the_log()
    {
        foreach (string set in (string[])["bounding", "effective", "permitted"]) bundle.Process["capabilities"]![set]!.AsArray().Add("CAP_OF_TOMORROW");
        bundle.Write("grep", "CapBnd", "/proc/self/status");
        RunResult result = bundle.Oci("--log", bundle.Sandbox["log"], "--log-format", "json", "run", "--bundle", bundle.Sandbox["bundle"], "one").ExpectSuccess();
        Assert.Equal(["CapBnd:\t0000000000000021"], result.Lines);
        JsonNode line = JsonNode.Parse(Assert.Single(File.ReadAllLines(bundle.Sandbox["log"])))!;
        Assert.Equal(("warning", "ignoring unknown or unavailable capabilities: [CAP_OF_TOMORROW]"), (line["level"]!.GetValue<string>(), line["msg"]!.GetValue<string>()));
    }

    [Fact]
    public void Pipes_become_the_user_s_so_that_the_program_can_open_them_anew()
    {
        bundle.Process["user"] = JsonNode.Parse("""{ "uid": 1000, "gid": 1000 }""");
        bundle.Process["capabilities"] = new JsonObject();
        Assert.Equal(["written"], bundle.Run("sh", "-c", "echo written > /dev/stdout").ExpectSuccess().Lines);
    }

    [Fact]
    public void Descriptors_are_preserved_and_sockets_of_the_service_manager_are_passed_on()
    {
        bundle.Write("sh", "-c", "cat <&3; cat <&4; echo $LISTEN_FDS $LISTEN_PID; ls /proc/$$/fd; :");
        string oci = $"{OciBundle.Binary} --root {bundle.Sandbox["state"]} run --bundle {bundle.Sandbox["bundle"]}";
        Assert.Equal(["three", "four", "", "0", "1", "2", "3", "4"], Program.Bash($"{oci} --preserve-fds 2 one 3<<<three 4<<<four 5</dev/null </dev/null").ExpectSuccess().Lines);
        Assert.Equal(["three", "four", "1 1", "0", "1", "2", "3", "4"], Program.Bash($"bash -c 'LISTEN_FDS=1 LISTEN_PID=$$ exec {oci} --preserve-fds 1 two' 3<<<three 4<<<four 5</dev/null </dev/null").ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("exec")]
    public void A_terminal_and_a_pidfd_go_to_whoever_listens(string verb)
    {
        using var console = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        console.Bind(new UnixDomainSocketEndPoint(bundle.Sandbox["console"]));
        console.Listen();
        using var pidfd = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        pidfd.Bind(new UnixDomainSocketEndPoint(bundle.Sandbox["pidfd"]));
        pidfd.Listen();
        string sockets = $"--detach --console-socket {bundle.Sandbox["console"]} --pidfd-socket {bundle.Sandbox["pidfd"]} --pid-file {bundle.Sandbox["pid"]}";
        string oci = $"{OciBundle.Binary} --root {bundle.Sandbox["state"]}";
        bundle.Process["consoleSize"] = JsonNode.Parse("""{ "height": 33, "width": 99 }""");
        const string Script = "stty size; tty; exec sleep 1000";
        if (verb == "exec")
        {
            bundle.Start("one");
            Program.Bash($"{oci} exec --tty {sockets} one sh -c '{Script}' </dev/null >/dev/null 2>&1").ExpectSuccess();
        }
        else
        {
            bundle.Process["terminal"] = true;
            bundle.Write("sh", "-c", Script);
            Program.Bash($"{oci} run {sockets} --bundle {bundle.Sandbox["bundle"]} one </dev/null >/dev/null 2>&1").ExpectSuccess();
        }
        try
        {
            using Descriptor master = Received(console), process = Received(pidfd);
            Assert.Contains("33 99", ReadUntil(master, "/dev/pts/0"), StringComparison.Ordinal);
            Kernel.PidfdSendSignal(process.Number, 0);
            Assert.Contains($"Pid:\t{File.ReadAllText(bundle.Sandbox["pid"])}\n", File.ReadAllText($"/proc/self/fdinfo/{process.Number}"), StringComparison.Ordinal);
            Kernel.PidfdSendSignal(process.Number, Signal.Kill);
        }
        finally
        {
            bundle.Delete("one");
        }
    }

    [Fact]
    public void Limits_above_the_caller_s_rights_in_the_user_namespace_are_set_by_the_runtime()
    {
        bundle.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
        bundle.Linux["uidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""");
        bundle.Linux["gidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""");
        bundle.Process["oomScoreAdj"] = 100;
        string hard = Program.Bash("ulimit -Hn").Output.Trim();
        bundle.Process["rlimits"] = JsonNode.Parse($$"""[{ "type": "RLIMIT_NOFILE", "soft": 512, "hard": {{hard}} }]""");
        bundle.Start("mapped");
        Assert.Equal(["0", "512", hard, "100", "0 100000 65536"], bundle.Oci("exec", "mapped", "sh", "-c", "id -u; ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj; echo $(cat /proc/self/uid_map)").ExpectSuccess().Lines);
        Assert.Equal(["512", hard, "100"], Program.Bash($"p={bundle.State("mapped").GetProperty("pid").GetInt32()}; prlimit --noheadings --output SOFT --nofile -p $p | tr -d ' '; prlimit --noheadings --output HARD --nofile -p $p | tr -d ' '; cat /proc/$p/oom_score_adj").ExpectSuccess().Lines);
    }

    private static Descriptor Received(Socket listener)
    {
        using Socket connection = listener.Accept();
        Kernel.TryReceive((int)connection.Handle, new byte[4096], out Descriptor? passed);
        Assert.NotNull(passed);
        return passed;
    }

    private static string ReadUntil(Descriptor master, string text)
    {
        string read = "";
        byte[] buffer = new byte[4096];
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            Assert.Equal(1, Kernel.Poll([new PollDescriptor { Descriptor = master.Number, Events = PollEvents.Readable }], 20_000));
            int length = Kernel.TryRead(master.Number, buffer);
            Assert.True(length > 0, $"the terminal has closed behind “{read}”");
            read += System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        }
        return read;
    }
}
