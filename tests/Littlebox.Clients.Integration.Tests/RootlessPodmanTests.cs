namespace Littlebox.Clients.Integration.Tests;

/// <summary>podman of an ordinary user, with littlebox-oci as its runtime.</summary>
public sealed class RootlessPodmanTests : IDisposable
{
    private readonly Machine machine = new("/usr/bin/podman", "/usr/bin/conmon", "/usr/bin/newuidmap", "/usr/bin/slirp4netns");

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Podman_of_an_ordinary_user_runs_containers_and_programs_in_them()
    {
        machine.RunAsUser("podman", "import", "-q", "/run/root.tar", Machine.Image).ExpectExit(0);
        Comparison.Of(machine, runtime =>
        {
            Assert.Equal(["0", "hello"], Podman(runtime, "run", "--rm", "--net=none", Machine.Image, "sh", "-c", "id -u; echo hello").ExpectExit(0).Lines);
            Podman(runtime, "run", "--rm", "--net=none", Machine.Image, "sh", "-c", "exit 7").ExpectExit(7);
            Podman(runtime, "run", "--rm", "--net=none", Machine.Image, "/nowhere").ExpectExit(127);
            Assert.Equal(["7"], Podman(runtime, "run", "--rm", "--net=none", "-u", "7:7", Machine.Image, "id", "-u").ExpectExit(0).Lines);
            Assert.Contains("10.0.2.100", Podman(runtime, "run", "--rm", "--net=slirp4netns", Machine.Image, "ip", "-4", "addr").ExpectExit(0).Output, StringComparison.Ordinal);
            Podman(runtime, "run", "-d", "--name", "one", "--net=none", Machine.Image, "sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done").ExpectExit(0);
            Assert.Equal(["0", "sh"], Podman(runtime, "exec", "one", "sh", "-c", "id -u; cat /proc/1/comm").ExpectExit(0).Lines);
            Assert.Equal(["7"], Podman(runtime, "exec", "-u", "7", "one", "id", "-u").ExpectExit(0).Lines);
            Podman(runtime, "exec", "one", "sh", "-c", "exit 9").ExpectExit(9);
            Podman(runtime, "stop", "-t", "20", "one").ExpectExit(0);
            Assert.Equal(["3"], Podman(runtime, "inspect", "--format", "{{.State.ExitCode}}", "one").ExpectExit(0).Lines);
            Podman(runtime, "rm", "-f", "one").ExpectExit(0);
        });
        machine.ExpectNothingLeft();
    }

    private RunResult Podman(string runtime, params string[] words) => machine.RunAsUser(["podman", "--runtime", runtime, .. words]);
}
