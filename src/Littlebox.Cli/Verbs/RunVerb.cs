using Littlebox.Cli.CommandLine;

namespace Littlebox.Cli.Verbs;

/// <summary><c>littlebox run</c>: the command line of it.</summary>
internal static class RunVerb
{
    private const string Container = "Container", Files = "Files", Users = "Users";

    /// <summary>The table.</summary>
    public static VerbSpec Spec { get; } = new()
    {
        Name = "run",
        Summary = "run a command in a new container",
        Arguments = "[ROOT [COMMAND…]]",
        Description = """
            Makes a container and runs COMMAND in it: new mount, UTS, IPC, network, PID and cgroup namespaces (and a user namespace for anybody but root), ROOT as the whole file system, COMMAND as process 1. There is no daemon; the container ends with the command.

            ROOT is one of: 'default', a small root with busybox that comes with littlebox; a directory or an archive (.tar, .tar.gz, .tar.zst, .tar.xz), whose path begins with '/' or '.'; 'host', this machine's own root, read-only below a layer that is thrown away afterwards. Without ROOT it is 'default'; without COMMAND it is a shell, with a terminal where there is one.

            Options stand before ROOT. What follows ROOT belongs to the command.
            """,
        StopsAtFirstWord = true,
        MostWords = int.MaxValue,
        WordKinds = [CompletionKind.Root, CompletionKind.Command],
        UsageExitCode = 125,
        Options =
        [
            new() { Name = "name", Value = "NAME", Group = Container, Help = "the container's name, for ps, exec and ns; made up when not given" },
            new() { Name = "hostname", Value = "NAME", Group = Container, Help = "the hostname inside, at most 64 bytes; the container's name when not given" },
            new() { Name = "rm", Group = Container, Help = "keep nothing of the container when it ends" },
            new() { Name = "init", Group = Container, Help = "put a small process 1 before the command, which reaps zombies and forwards signals" },
            .. ProcessOptions.Identity,
            new() { Name = "volume", Short = 'v', Value = "SOURCE:TARGET[:OPTIONS]", Repeats = true, Group = Files, Completion = CompletionKind.File, Help = "mount a directory or file of this machine (options: ro, rw, nosuid, nodev, noexec, bind, rbind, private, rprivate, shared, rshared, slave, rslave)" },
            new() { Name = "mount", Value = "KEY=VALUE,…", Repeats = true, Group = Files, Help = "mount with type=bind|tmpfs, source=, target=, readonly, bind-propagation=, tmpfs-size=, tmpfs-mode=" },
            new() { Name = "tmpfs", Value = "TARGET[:OPTIONS]", Repeats = true, Group = Files, Help = "mount an empty file system in memory (options: size=64m, mode=1777, ro, exec, …)" },
            new() { Name = "read-only", Group = Files, Help = "mount the root read-only" },
            .. NamespaceOptions.Modes,
            new() { Name = "uidmap", Value = "INSIDE:OUTSIDE:COUNT", Repeats = true, Group = Users, Help = "map users of the container to users of this machine; asks for a user namespace" },
            new() { Name = "gidmap", Value = "INSIDE:OUTSIDE:COUNT", Repeats = true, Group = Users, Help = "map groups likewise; the same as --uidmap when not given" },
            .. ProcessOptions.Capabilities,
            .. ProcessOptions.Tracing,
        ],
        Examples =
        [
            ("littlebox run", "a shell in a container from the default root"),
            ("littlebox run --rm -it --hostname web default sh", "the same, with everything said"),
            ("littlebox run --rm -v .:/src:ro -w /src ./rootfs.tar.zst make test", "a command in a root from an archive, with this directory mounted"),
            ("littlebox run --rm host apt-get install -y cowsay", "try a command on this system, and keep nothing of it"),
            ("littlebox run --net=host --read-only /srv/root /bin/server", "the network of this machine, a root that cannot be changed"),
        ],
        ExitCodes =
        [
            ("125", "littlebox itself failed; nothing is left behind"),
            ("126", "the command cannot be executed"),
            ("127", "the command was not found"),
            ("128+N", "the command was ended by signal N"),
            ("other", "the exit code of the command"),
        ],
        Run = RunCommand.Run,
    };
}
