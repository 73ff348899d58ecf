namespace Littlebox.Clients.Integration.Tests;

/// <summary>containerd with ctr, with littlebox-oci as what its shim calls.</summary>
public sealed class ContainerdTests : IDisposable
{
    private readonly Machine machine = new("/usr/bin/containerd", "/usr/bin/ctr", "/usr/bin/podman");

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Containerd_runs_containers_and_does_with_them_what_ctr_asks_for()
    {
        machine.Run("bash", "-c", "printf 'version = 2\\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\\n' >/run/containerd.toml").ExpectExit(0);
        machine.StartDaemon("containerd", "-c", "/run/containerd.toml");
        for (int tries = 0; machine.Run("ctr", "version").ExitCode != 0; tries++)
        {
            Assert.True(tries < 100, "containerd has not started");
            Thread.Sleep(100);
        }
        machine.SaveImage("/run/image.tar");
        machine.Run("ctr", "image", "import", "/run/image.tar").ExpectExit(0);
        Comparison.Of(machine, Life);
        machine.ExpectNothingLeft();
    }

    private void Life(string runtime)
    {
        string path = runtime == "littlebox" ? Machine.Littlebox : "/usr/sbin/runc";
        Assert.Equal(["hello"], Go("--rm", Machine.Image, "first", "echo", "hello").ExpectExit(0).Lines);
        Go("--rm", Machine.Image, "second", "sh", "-c", "exit 7").ExpectExit(7);
        Assert.Contains("no such file", Go("--rm", Machine.Image, "third", "/nowhere").ExpectExit(1).Errors, StringComparison.Ordinal);
        (string output, _) = machine.RunOnTerminal("ctr", "run", "--runc-binary", path, "--rm", "-t", Machine.Image, "fourth", "sh", "-c", "tty; sleep 0.5");
        Assert.Contains("/dev/pts/0", output, StringComparison.Ordinal);
        Go("-d", "--memory-limit", "67108864", Machine.Image, "one", "sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done").ExpectExit(0);
        Assert.Contains("RUNNING", Task("ls").Output, StringComparison.Ordinal);
        Assert.Equal(["0"], Ctr("exec", "--exec-id", "inner", "one", "id", "-u").ExpectExit(0).Lines);
        Ctr("exec", "--exec-id", "inner", "one", "sh", "-c", "exit 4").ExpectExit(4);
        Assert.True(Task("ps", "one").Lines.Length >= 2);
        if (Directory.Exists("/sys/fs/cgroup/memory")) Assert.Matches("memory.limit_in_bytes +67108864", Task("metrics", "one").Output);
        Task("pause", "one");
        Assert.Contains("PAUSED", Task("ls").Output, StringComparison.Ordinal);
        Task("resume", "one");
        Task("kill", "-s", "SIGTERM", "one");
        Until("STOPPED");
        // ctr says the exit code in a warning.
        Assert.Contains("code 3", Ctr("delete", "one").Errors, StringComparison.Ordinal);
        machine.Run("ctr", "containers", "delete", "one").ExpectExit(0);
        Go("-d", Machine.Image, "two", "sleep", "1000").ExpectExit(0);
        Task("kill", "-s", "SIGKILL", "two");
        Until("STOPPED");
        Assert.Contains("code 137", Ctr("delete", "two").Errors, StringComparison.Ordinal);
        machine.Run("ctr", "containers", "delete", "two").ExpectExit(0);
        Assert.Single(machine.Run("ctr", "containers", "ls").ExpectExit(0).Lines);

        RunResult Go(params string[] words) => machine.Run(["ctr", "run", "--runc-binary", path, .. words]);
        RunResult Ctr(params string[] words) => machine.Run(["ctr", "tasks", .. words]);
        RunResult Task(params string[] words) => Ctr(words).ExpectExit(0);
        void Until(string status)
        {
            for (int tries = 0; !Task("ls").Output.Contains(status, StringComparison.Ordinal); tries++)
            {
                Assert.True(tries < 100, $"not {status} in time");
                Thread.Sleep(100);
            }
        }
    }
}
