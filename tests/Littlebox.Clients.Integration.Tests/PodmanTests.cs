namespace Littlebox.Clients.Integration.Tests;

/// <summary>podman as root, with littlebox-oci as its runtime.</summary>
public sealed class PodmanTests : IDisposable
{
    private readonly Machine machine = new("/usr/bin/podman", "/usr/bin/conmon");

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Podman_runs_containers_and_does_with_them_what_it_does()
    {
        Comparison.Of(machine, Programs);
        Comparison.Of(machine, Life);
        Comparison.Of(machine, Terminals);
        Comparison.Of(machine, Isolation);
        Comparison.Of(machine, Networks);
        machine.ExpectNothingLeft();
    }

    // Exit codes and errors of programs.
    private void Programs(string runtime)
    {
        Assert.Equal(["hello"], Podman(runtime, "run", "--rm", "--net=none", Machine.Image, "echo", "hello").ExpectExit(0).Lines);
        Podman(runtime, "run", "--rm", "--net=none", Machine.Image, "sh", "-c", "exit 7").ExpectExit(7);
        Podman(runtime, "run", "--rm", "--net=none", Machine.Image, "/nowhere").ExpectExit(127);
        Podman(runtime, "run", "--rm", "--net=none", Machine.Image, "/etc").ExpectExit(126);
    }

    // One container from its start to its end.
    private void Life(string runtime)
    {
        Podman(runtime, "run", "-d", "--name", "one", "--net=none", "-m", "64m", "--cpus", "0.5", "--pids-limit", "50", Machine.Image,
            "sh", "-c", "echo started; trap 'echo ended; exit 3' TERM; trap 'echo asked' USR1; while :; do sleep 0.1; done").ExpectExit(0);
        Assert.Equal(["0", "sh"], Podman(runtime, "exec", "one", "sh", "-c", "id -u; cat /proc/1/comm").ExpectExit(0).Lines);
        Podman(runtime, "exec", "one", "sh", "-c", "exit 9").ExpectExit(9);
        Podman(runtime, "exec", "one", "/nowhere").ExpectExit(127);
        Assert.Equal(["1000", "b", "/tmp"], Podman(runtime, "exec", "-u", "1000:1000", "-e", "A=b", "-w", "/tmp", "one", "sh", "-c", "id -u; echo $A; pwd").ExpectExit(0).Lines);
        Podman(runtime, "exec", "-d", "one", "sleep", "77").ExpectExit(0);
        Assert.Contains("sleep 77", Podman(runtime, "top", "one").ExpectExit(0).Output, StringComparison.Ordinal);
        if (Directory.Exists("/sys/fs/cgroup/memory"))
        {
            Assert.Equal(["67108864", "50000", "50"], Limits());
            Podman(runtime, "update", "--cpus", "1", "-m", "128m", "one").ExpectExit(0);
            Assert.Equal(["134217728", "100000", "50"], Limits());
            Assert.Contains("one", Podman(runtime, "stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "one").ExpectExit(0).Output, StringComparison.Ordinal);
            Podman(runtime, "pause", "one").ExpectExit(0);
            Assert.Equal(["paused"], Status());
            Podman(runtime, "unpause", "one").ExpectExit(0);
        }
        Podman(runtime, "kill", "-s", "USR1", "one").ExpectExit(0);
        Until(() => Podman(runtime, "logs", "one").ExpectExit(0).Lines is ["started", "asked"]);
        Assert.Equal(["running"], Status());
        Podman(runtime, "stop", "-t", "20", "one").ExpectExit(0);
        Assert.Equal(["started", "asked", "ended"], Podman(runtime, "logs", "one").ExpectExit(0).Lines);
        Assert.Equal(["3"], Podman(runtime, "inspect", "--format", "{{.State.ExitCode}}", "one").ExpectExit(0).Lines);
        Podman(runtime, "start", "one").ExpectExit(0);
        Podman(runtime, "kill", "one").ExpectExit(0);
        Until(() => Status() is ["exited"]);
        Podman(runtime, "rm", "one").ExpectExit(0);

        string[] Status() => Podman(runtime, "inspect", "--format", "{{.State.Status}}", "one").ExpectExit(0).Lines;
        string[] Limits() => Podman(runtime, "exec", "one", "sh", "-c", "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us pids/pids.max").ExpectExit(0).Lines;
    }

    private void Terminals(string runtime)
    {
        (string output, int code) = machine.RunOnTerminal("podman", "--runtime", runtime, "run", "--rm", "-it", "--net=none", Machine.Image, "sh", "-c", "tty; test -t 0 && exit 5");
        Assert.Contains("/dev/pts/0", output, StringComparison.Ordinal);
        Assert.Equal(5, code);
        Podman(runtime, "run", "-d", "--name", "seen", "--net=none", Machine.Image, "sleep", "1000").ExpectExit(0);
        (output, code) = machine.RunOnTerminal("podman", "--runtime", runtime, "exec", "-it", "seen", "sh", "-c", "tty; exit 6");
        Assert.Contains("/dev/pts/0", output, StringComparison.Ordinal);
        Assert.Equal(6, code);
        Podman(runtime, "rm", "-f", "-t", "0", "seen").ExpectExit(0);
    }

    private void Isolation(string runtime)
    {
        Assert.Equal(["CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2", "touch: /x: Read-only file system"],
            Podman(runtime, "run", "--rm", "--net=none", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", Machine.Image,
                "sh", "-c", "grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status; touch /x 2>&1 || :").ExpectExit(0).Lines);
        // Another user, a filter, and no no_new_privs: the filter comes before the rights go.
        Assert.Equal(["1000", "CapEff:\t0000000000001000", "Seccomp:\t2"], Podman(runtime, "run", "--rm", "--net=none", "-u", "1000:1000", "--cap-add", "net_admin", Machine.Image,
            "sh", "-c", "id -u; grep -E '^(CapEff|Seccomp):' /proc/self/status").ExpectExit(0).Lines);
        Assert.Equal(["/h ro", "/t 1024k"], Podman(runtime, "run", "--rm", "--net=none", "--tmpfs", "/t:size=1m", "-v", "/etc/hostname:/h:ro", Machine.Image,
            "sh", "-c", "awk '$2 == \"/h\" { print $2, substr($4, 1, 2) } $2 == \"/t\" { sub(/.*size=/, \"\", $4); sub(/,.*/, \"\", $4); print $2, $4 }' /proc/mounts | sort").ExpectExit(0).Lines);
        Assert.Equal(["0", "3000000", "5000"], Podman(runtime, "run", "--rm", "--net=none", "--uidmap", "0:3000000:5000", Machine.Image, "sh", "-c", "tr -s ' ' '\\n' </proc/self/uid_map | sed 1d").ExpectExit(0).Lines);
        Assert.Contains("CapEff:\t000001ff", Podman(runtime, "run", "--rm", "--net=none", "--privileged", Machine.Image, "grep", "CapEff", "/proc/self/status").ExpectExit(0).Output, StringComparison.Ordinal);
    }

    private void Networks(string runtime)
    {
        Assert.Contains("10.88.", Podman(runtime, "run", "--rm", Machine.Image, "ip", "-4", "addr", "show", "eth0").ExpectExit(0).Output, StringComparison.Ordinal);
        Podman(runtime, "pod", "create", "--name", "pod", "--infra-image", Machine.Image, "--infra-command", "sleep 1000").ExpectExit(0);
        Podman(runtime, "run", "-d", "--pod", "pod", "--name", "served", Machine.Image, "httpd", "-f", "-p", "8000", "-h", "/etc").ExpectExit(0);
        // Two containers of a pod have one loopback.
        Assert.Contains("root:", Podman(runtime, "run", "--rm", "--pod", "pod", Machine.Image, "sh", "-c", "for i in 1 2 3 4 5; do wget -qO- http://127.0.0.1:8000/passwd && break; sleep 0.5; done").ExpectExit(0).Output, StringComparison.Ordinal);
        Assert.Contains("Running", Podman(runtime, "pod", "ps", "--format", "{{.Status}}").ExpectExit(0).Output, StringComparison.Ordinal);
        Podman(runtime, "pod", "rm", "-f", "-t", "0", "pod").ExpectExit(0);
    }

    private RunResult Podman(string runtime, params string[] words) => machine.Run(["podman", "--runtime", runtime, .. words]);

    private static void Until(Func<bool> condition)
    {
        for (int tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 100, "not so in time");
            Thread.Sleep(100);
        }
    }
}
