namespace Littlebox.Clients.Integration.Tests;

/// <summary>buildah, with littlebox-oci as its runtime.</summary>
public sealed class BuildahTests : IDisposable
{
    private readonly Machine machine = new("/usr/bin/buildah", "/usr/bin/podman");

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Buildah_runs_the_commands_of_a_build_and_commits_what_they_made()
    {
        Comparison.Of(machine, runtime =>
        {
            string path = runtime == "littlebox" ? Machine.Littlebox : "/usr/sbin/runc";
            // What is asked for by default is more than this user may have.
            string container = machine.Run("buildah", "from", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=30000:30000", Machine.Image).ExpectExit(0).Lines[0];
            Buildah("echo built >/made; id -u").ExpectExit(0);
            Buildah("exit 4").ExpectExit(4);
            Assert.Equal(["1000"], machine.Run("buildah", "run", "--runtime", path, "--network", "none", "--user", "1000:1000", container, "--", "id", "-u").ExpectExit(0).Lines);
            machine.Run("buildah", "commit", "-q", container, "localhost/built").ExpectExit(0);
            machine.Run("buildah", "rm", container).ExpectExit(0);
            Assert.Equal(["built"], machine.Run("podman", "--runtime", runtime, "run", "--rm", "--net=none", "localhost/built", "cat", "/made").ExpectExit(0).Lines);
            machine.Run("bash", "-c", $"printf 'FROM {Machine.Image}\\nRUN echo again >/again && mkdir /dir\\nUSER 1000\\nRUN test $(id -u) = 1000\\n' >/run/Dockerfile").ExpectExit(0);
            machine.Run("buildah", "build", "-q", "--runtime", path, "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=30000:30000", "-t", "localhost/again", "-f", "/run/Dockerfile", "/var/tmp").ExpectExit(0);
            Assert.Equal(["again"], machine.Run("podman", "--runtime", runtime, "run", "--rm", "--net=none", "localhost/again", "cat", "/again").ExpectExit(0).Lines);
            machine.Run("buildah", "rmi", "-f", "localhost/again", "localhost/built").ExpectExit(0);

            RunResult Buildah(string script) => machine.Run("buildah", "run", "--runtime", path, "--network", "none", container, "--", "sh", "-c", script);
        });
        machine.ExpectNothingLeft();
    }
}
