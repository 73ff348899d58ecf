namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci run and exec in the foreground: signals, orphans, keyrings.</summary>
public sealed class OciForegroundTests : IDisposable
{
    private readonly OciBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void Run_forwards_the_signals_that_runc_forwards()
    {
        string[] names = ["HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "TERM", "CONT", "XCPU", "XFSZ", "VTALRM", "PROF", "IO", "PWR"];
        bundle.Write("sh", "-c", string.Concat(names.Select(static name => $"trap 'echo got {name}' {name}; ")) + "echo ready; while :; do sleep 0.05; done");
        using RunningProgram run = bundle.StartOci("run", "--bundle", bundle.Bundle, "signalled");
        run.WaitForOutput("ready");
        foreach (string name in names)
        {
            run.Signal(Littlebox.Linux.Signal.Parse(name)!.Value);
            run.WaitForOutput($"got {name}");
        }
        // A real-time one ends the program, which has no handler for it.
        bundle.Oci("kill", "signalled", "KILL").ExpectSuccess();
        Assert.Equal(137, run.WaitForEnd().ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, "--no-subreaper")]
    public void Orphans_of_a_container_without_a_pid_namespace_are_run_s_which_reaps_them(bool reaps, params string[] options)
    {
        var namespaces = bundle.Linux["namespaces"]!.AsArray();
        namespaces.Remove(namespaces.Single(entry => (string)entry!["type"]! == "pid"));
        bundle.Write("sh", "-c", "(sleep 1.5 & echo $! > /tmp/orphan); until [ -e /tmp/go ]; do sleep 0.05; done");
        using RunningProgram run = bundle.StartOci(["run", "--bundle", bundle.Bundle, .. options, "orphans"]);
        string file = bundle.Sandbox["bundle/rootfs/tmp/orphan"];
        for (int tries = 0; tries < 1000 && !(File.Exists(file) && File.ReadAllText(file).Length > 1); tries++) Thread.Sleep(10);
        string status = $"/proc/{File.ReadAllText(file).Trim()}/status";
        string parent = $"PPid:\t{run.Id}";
        for (int tries = 0; tries < 100 && File.ReadAllLines(status).Contains(parent) != reaps; tries++) Thread.Sleep(10);
        Assert.Equal(reaps, File.ReadAllLines(status).Contains(parent));
        for (int tries = 0; tries < 1000 && File.Exists(status); tries++) Thread.Sleep(10);
        Assert.False(File.Exists(status), "it has not been reaped");
        File.WriteAllText(bundle.Sandbox["bundle/rootfs/tmp/go"], "");
        Assert.Equal(0, run.WaitForEnd().ExitCode);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no", "--no-new-keyring")]
    public void A_later_process_has_a_session_keyring_of_its_own_where_the_first_one_has(string rings, params string[] options)
    {
        if (!File.Exists("/proc/keys")) Assert.Skip("this kernel does not show keys (CONFIG_KEYS)");
        bundle.Write("sleep", "1000");
        bundle.Create("ringed-" + rings, "create", options).ExpectSuccess();
        bundle.Oci("start", "ringed-" + rings).ExpectSuccess();
        Assert.Equal([rings], bundle.Oci("exec", "ringed-" + rings, "sh", "-c", $"grep -q '_ses.ringed-{rings}' /proc/keys && echo yes || echo no").ExpectSuccess().Lines);
    }
}
