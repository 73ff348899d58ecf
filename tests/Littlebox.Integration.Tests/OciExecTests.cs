using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci exec: one more process in a container, as engines ask for it.</summary>
public sealed class OciExecTests : IDisposable
{
    private readonly OciBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void A_second_process_is_what_the_first_one_is()
    {
        using var leaks = new LeakCheck(bundle.Sandbox["state"]);
        const string Script = "hostname; pwd; env | sort; umask; grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:|SigIgn|SigBlk)' /proc/self/status; for k in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$k; done; ulimit -n; cat /proc/self/oom_score_adj; ls /proc/self/fd | wc -l; grep -c . /proc/mounts";
        bundle.Process["rlimits"] = JsonNode.Parse("""[{ "type": "RLIMIT_NOFILE", "soft": 1000, "hard": 1024 }]""");
        bundle.Process["oomScoreAdj"] = 500;
        bundle.Process["user"] = JsonNode.Parse("""{ "uid": 1000, "gid": 50, "umask": 23, "additionalGids": [63, 1000] }""");
        bundle.Start("both", "sh", "-c", $"({Script}) > /tmp/unfinished; mv /tmp/unfinished /tmp/first; sleep 1000");
        RunResult second = bundle.Oci("exec", "both", "sh", "-c", $"until [ -s /tmp/first ]; do sleep 0.05; done; {Script}").ExpectSuccess();
        string[] first = File.ReadAllLines(bundle.Sandbox["bundle/rootfs/tmp/first"]);
        Assert.Equal(first, second.Lines);
        Assert.Contains("HOME=/home/alice", second.Lines);
        Assert.Contains("0027", second.Lines);
        bundle.Delete("both");
        leaks.Compare();
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -TERM $$; sleep 10", 143)]
    [InlineData("kill -KILL $$; sleep 10", 137)]
    public void The_exit_code_is_the_command_s(string script, int code)
    {
        bundle.Start("one");
        bundle.Oci("exec", "one", "sh", "-c", script).ExpectExit(code);
    }

    [Fact]
    public void The_command_line_changes_what_the_document_says()
    {
        bundle.Start("one");
        RunResult result = bundle.Oci(
            "exec", "--user", "1000:50", "-g", "7", "--additional-gids", "8,9", "--env", "A=b=c", "-e", "PATH=/bin:/nowhere", "--cwd", "/home/alice", "--cap", "CAP_NET_RAW", "one",
            "sh", "-c", "id -u; id -g; id -G; echo $A $PATH $HOME; pwd; grep -E '^Cap(Bnd|Prm|Inh|Amb)' /proc/self/status; echo $*", "sh", "-x", "--user").ExpectSuccess();
        Assert.Equal(
            ["1000", "50", "50 7 8 9", "b=c /bin:/nowhere /home/alice", "/home/alice", "CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapBnd:\t0000000000002021", "CapAmb:\t0000000000000000", "-x --user"],
            result.Lines);
    }

    [Theory]
    [InlineData("--user", "1000:")]
    [InlineData("--user", ":5")]
    [InlineData("--user", "-1")]
    [InlineData("--user", "4294967296")]
    [InlineData("--user", "0x0")]
    [InlineData("--user", "alice")]
    [InlineData("-g", "-1")]
    public void A_user_that_cannot_be_read_is_an_error_and_not_root(string option, string value)
    {
        bundle.Start("one");
        Assert.Contains("not a number", bundle.Oci("exec", option, value, "one", "id").ExpectExit(255).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void No_new_privs_can_be_switched_off_and_on()
    {
        bundle.Start("one");
        Assert.Equal(["NoNewPrivs:\t0"], bundle.Oci("exec", "--no-new-privs=false", "one", "grep", "NoNewPrivs", "/proc/self/status").ExpectSuccess().Lines);
        Assert.Equal(["NoNewPrivs:\t1"], bundle.Oci("exec", "--no-new-privs", "one", "grep", "NoNewPrivs", "/proc/self/status").ExpectSuccess().Lines);
    }

    [Fact]
    public void A_process_document_says_all_of_it()
    {
        bundle.Start("one");
        string file = bundle.Sandbox.Write("process.json", """{ "terminal": false, "user": { "uid": 1000, "gid": 1000, "additionalGids": [63] }, "args": ["sh", "-c", "id -u; id -G; pwd; echo $B $HOME; grep -E '^(CapBnd|CapAmb|CapPrm|NoNewPrivs)' /proc/self/status"], "env": ["PATH=/bin", "B=x"], "cwd": "/tmp", "capabilities": { "bounding": ["CAP_CHOWN"], "permitted": ["CAP_CHOWN"], "inheritable": ["CAP_CHOWN"], "ambient": ["CAP_CHOWN"] } }""");
        Assert.Equal(
            ["1000", "1000 63", "/tmp", "x /home/alice", "CapPrm:\t0000000000000001", "CapBnd:\t0000000000000001", "CapAmb:\t0000000000000001", "NoNewPrivs:\t0"],
            bundle.Oci("exec", "--process", file, "one").ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("nowhere", "exec: \"nowhere\": executable file not found in $PATH")]
    [InlineData("/nowhere/x", "exec: \"/nowhere/x\": no such file or directory")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": permission denied")]
    [InlineData("/etc/passwd/x", "exec: \"/etc/passwd/x\": not a directory")]
    [InlineData("/etc", "exec: \"/etc\": permission denied")]
    [InlineData("/tmp/empty", "exec: \"/tmp/empty\": exec format error")]
    [InlineData("/tmp/script", "/tmp/script is a script for /bin/gone, and this root has no /bin/gone")]
    public void A_command_that_cannot_be_executed_is_an_error_in_the_words_that_engines_look_for(string command, string words)
    {
        bundle.Sandbox.Write("bundle/rootfs/tmp/empty", "", 0b111_101_101);
        bundle.Sandbox.Write("bundle/rootfs/tmp/script", "#!/bin/gone\n", 0b111_101_101);
        bundle.Start("one");
        using var leaks = new LeakCheck(bundle.Sandbox["state"]);
        RunResult result = bundle.Oci("--log", bundle.Sandbox["log"], "--log-format", "json", "exec", "one", command).ExpectExit(255);
        Assert.Contains("exec failed: unable to start container process: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
        string logged = JsonNode.Parse(File.ReadAllLines(bundle.Sandbox["log"])[^1])!["msg"]!.GetValue<string>();
        Assert.Contains(words, logged, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Fact]
    public void A_container_that_is_not_there_or_has_stopped_takes_no_process()
    {
        Assert.Contains("container does not exist: nobody", bundle.Oci("exec", "nobody", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
        bundle.Start("short", "true");
        for (int tries = 0; tries < 500 && bundle.State("short").GetProperty("status").GetString() != "stopped"; tries++) Thread.Sleep(10);
        Assert.Contains("cannot exec in a stopped container", bundle.Oci("exec", "short", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
        Assert.Contains("exec args cannot be empty", bundle.Oci("exec", "short").ExpectExit(255).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detached_process_goes_on_and_its_pid_is_written()
    {
        bundle.Start("one");
        string script = $"{OciBundle.Binary} --root {bundle.Sandbox["state"]} exec --detach --pid-file {bundle.Sandbox["pid"]} one sh -c 'echo detached; exec sleep 1000' </dev/null >{bundle.Sandbox["out"]} 2>&1";
        Program.Bash(script).ExpectSuccess();
        int pid = int.Parse(File.ReadAllText(bundle.Sandbox["pid"]));
        Assert.Contains("sleep", bundle.Oci("exec", "one", "ps").ExpectSuccess().Output.Replace("sleep 1000\n    1", "", StringComparison.Ordinal), StringComparison.Ordinal);
        for (int tries = 0; tries < 500 && !File.ReadAllText($"/proc/{pid}/comm").StartsWith("sleep", StringComparison.Ordinal); tries++) Thread.Sleep(10);
        Assert.Equal("detached\n", File.ReadAllText(bundle.Sandbox["out"]));
        Linux.Kernel.Kill(pid, Linux.Signal.Kill);
    }

    [Fact]
    public void Preserved_descriptors_are_inherited_and_no_others()
    {
        bundle.Start("one");
        string oci = $"{OciBundle.Binary} --root {bundle.Sandbox["state"]}";
        RunResult two = Program.Bash($"{oci} exec --preserve-fds 2 one sh -c 'cat <&3; cat <&4; ls /proc/$$/fd; :' 3<<<three 4<<<four 5</dev/null </dev/null").ExpectSuccess();
        Assert.Equal(["three", "four", "0", "1", "2", "3", "4"], two.Lines);
        RunResult none = Program.Bash($"{oci} exec one sh -c 'ls /proc/$$/fd; :' 3<<<three 5</dev/null </dev/null").ExpectSuccess();
        Assert.Equal(["0", "1", "2"], none.Lines);
        Assert.Contains("unable to stat preserved-fd 1 (of 2)", Program.Bash($"{oci} exec --preserve-fds 2 one true 3</dev/null </dev/null").ExpectExit(255).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_in_the_foreground_are_forwarded()
    {
        bundle.Start("one");
        using RunningProgram running = bundle.StartOci("exec", "one", "sh", "-c", "trap 'echo got it; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
        running.WaitForOutput("ready");
        running.Signal(Linux.Signal.Terminate);
        running.WaitForEnd().ExpectExit(5);
        Assert.Contains("got it", running.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec")]
    [InlineData("run")]
    public void A_terminal_in_the_foreground_is_the_user_s(string verb)
    {
        const string Script = "tty; stty size; read line; echo got $line; trap 'stty size' WINCH; while :; do read word; [ \"$word\" = end ] && exit 6; done";
        using var terminal = new PseudoTerminal(30, 100);
        string before = terminal.Settings;
        RunningProgram running;
        if (verb == "exec")
        {
            bundle.Start("one");
            running = terminal.Start(OciBundle.Binary, "--root", bundle.Sandbox["state"], "exec", "--tty", "one", "sh", "-c", Script);
        }
        else
        {
            bundle.Process["terminal"] = true;
            bundle.Write("sh", "-c", Script);
            running = terminal.Start(OciBundle.Binary, "--root", bundle.Sandbox["state"], "run", "--bundle", bundle.Sandbox["bundle"], "one");
        }
        using (running)
        {
            terminal.WaitFor("/dev/pts/0\n30 100");
            terminal.Type("hello\r");
            terminal.WaitFor("got hello");
            terminal.Resize(40, 120);
            running.Signal(28);
            terminal.Type("more\r");
            terminal.WaitFor("40 120");
            terminal.Type("end\r");
            running.WaitForEnd().ExpectExit(6);
        }
        terminal.WaitForSettings(before);
    }

    [Fact]
    public void A_terminal_that_would_be_nobody_s_is_refused()
    {
        bundle.Start("one");
        Assert.Contains("console socket", bundle.Oci("exec", "--detach", "--tty", "one", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
        Assert.Contains("console socket", bundle.Oci("exec", "--console-socket", "/nowhere", "one", "true").ExpectExit(255).Errors, StringComparison.Ordinal);
    }
}
