using System.Diagnostics;
using System.Text;

namespace Littlebox.Clients.Integration.Tests;

/// <summary>
/// A machine of its own for the engines of one test class: mount, network, pid and cgroup namespaces, with a /run, a /var/lib and an /etc/containers in memory. When its first
/// process is killed everything in it has gone; the cgroups in which it was are removed after that. In it are an image <c>localhost/box</c> of busybox, and two runtimes by name:
/// <c>littlebox</c> and <c>runc</c>.
/// </summary>
public sealed class Machine : IDisposable
{
    /// <summary>The image in the store of podman and buildah.</summary>
    public const string Image = "localhost/box:latest";

    /// <summary>Where littlebox-oci is in it.</summary>
    public const string Littlebox = "/run/runtimes/littlebox-oci";

    /// <summary>The ordinary user in it: uid and gid; with 65536 subordinate ids.</summary>
    public const int User = 47110;

    private const string Name = "littlebox-tester", Owner = "47110:47110";
    private static int count;

    private readonly Sandbox sandbox = new();
    private readonly List<string> cgroups = [];
    private readonly Process first;
    private readonly List<RunningProgram> started = [];

    /// <summary>Makes it; a test that asks for it is skipped where a program is missing.</summary>
    public Machine(params string[] programs)
    {
        if (Linux.Kernel.EffectiveUid != 0) Assert.Skip("only root can make namespaces for engines");
        foreach (string program in (string[])["/usr/sbin/runc", "/usr/bin/nsenter", .. programs])
        {
            if (!File.Exists(program)) Assert.Skip($"{program} is not installed: apt-get install podman buildah containerd runc fuse-overlayfs slirp4netns uidmap");
        }
        sandbox.MakeRoot("root");
        Program.Run("tar", ["-C", sandbox["root"], "-cf", sandbox["root.tar"], "."]).ExpectSuccess();
        sandbox.Write("passwd", File.ReadAllText("/etc/passwd") + $"{Name}:x:{User}:{User}::/run/tester:/bin/sh\n");
        sandbox.Write("group", File.ReadAllText("/etc/group") + $"{Name}:x:{User}:\n");
        foreach (string file in new[] { "subuid", "subgid" }) sandbox.Write(file, $"{Name}:3000000:65536\n");
        sandbox.Write("containers.conf", Configuration);
        sandbox.Write("setup", Setup);
        MakeCGroups();
        try
        {
            first = Start();
        }
        catch
        {
            RemoveFiles();
            throw;
        }
    }

    /// <summary>Runs a program in it as root.</summary>
    public RunResult Run(params string[] words) => Program.Run("bash", Inside(words), limit: TimeSpan.FromSeconds(90), environment: Variables);

    /// <summary>Runs a program in it as the ordinary user.</summary>
    public RunResult RunAsUser(params string[] words) => Run([.. AsUser, .. words]);

    /// <summary>Runs a program in it on a terminal, and waits for its end.</summary>
    /// <returns>What it printed, and its exit code.</returns>
    public (string Output, int Code) RunOnTerminal(params string[] words)
    {
        using var terminal = new PseudoTerminal(30, 100);
        using RunningProgram running = terminal.Start("bash", [.. Inside(["env", .. Variables.Where(static pair => pair.Value is not null).Select(static pair => $"{pair.Name}={pair.Value}"), .. words])]);
        int code = running.WaitForEnd(TimeSpan.FromSeconds(90)).ExitCode;
        // The last words may still be on their way.
        for (int tries = 0; tries < 20 && terminal.Output.Length == 0; tries++) Thread.Sleep(50);
        return (terminal.Output, code);
    }

    /// <summary>Starts a daemon in it, which ends with the machine.</summary>
    public void StartDaemon(params string[] words) => started.Add(Program.Start("bash", Inside(words), Variables));

    /// <summary>Puts the image into another file, for engines with a store of their own.</summary>
    public void SaveImage(string path) => Run("podman", "save", "-q", "-o", path, Image).ExpectExit(0);

    /// <summary>Fails unless the runtime has no container any more, and no container's cgroup is left.</summary>
    public void ExpectNothingLeft()
    {
        Assert.Equal("", Run(Littlebox, "list", "-q").ExpectSuccess().Output);
        for (int tries = 0; ; tries++)
        {
            string[] left = [.. cgroups.SelectMany(static directory => Directory.GetDirectories(directory, "*", SearchOption.AllDirectories)).Where(static path => !IsEngines(path))];
            if (left.Length == 0) return;
            Assert.True(tries < 50, "cgroups left behind:\n" + string.Join('\n', left));
            Thread.Sleep(100);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The first process of a pid namespace takes all others with it.
        first.Kill(entireProcessTree: true);
        first.WaitForExit(TimeSpan.FromSeconds(20));
        first.Dispose();
        foreach (RunningProgram program in started) program.Dispose();
        RemoveFiles();
    }

    // Parents that engines name for their containers; podman leaves a pod's in the hierarchies that it does not know.
    private static bool IsEngines(string path) => Path.GetFileName(path) is "libpod_parent" or "default" or "conmon"
        || Path.GetFileName(Path.GetDirectoryName(path)) == "libpod_parent" && !Path.GetFileName(path).StartsWith("libpod-", StringComparison.Ordinal);

    private void RemoveFiles()
    {
        foreach (string directory in cgroups) Remove(directory);
        sandbox.Dispose();
    }

    private static (string Name, string? Value)[] Variables =>
        [("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), ("HOME", "/root"), ("LANG", "C.UTF-8"), ("TERM", "xterm"), ("USER", "root"), ("XDG_RUNTIME_DIR", null), ("TMPDIR", null)];

    private static string[] AsUser =>
    [
        "setpriv", "--reuid", $"{User}", "--regid", $"{User}", "--clear-groups", "--inh-caps=-all",
        "env", "-C", "/run/tester", "HOME=/run/tester", $"USER={Name}", $"LOGNAME={Name}", "XDG_RUNTIME_DIR=/run/tester/run",
    ];

    // As on a machine without systemd; limits that root of a virtual machine or of a container may still set.
    private const string Configuration = $"""
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=30000:30000"]
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "none"
        runtime = "littlebox"
        runtime_supports_json = ["littlebox", "runc"]
        helper_binaries_dir = ["/usr/lib/podman", "/usr/libexec/podman", "/usr/bin", "/usr/sbin"]
        [engine.runtimes]
        littlebox = ["{Littlebox}"]
        runc = ["/usr/sbin/runc"]
        [network]
        network_backend = "netavark"
        """;

    // Run by the first process, in its namespaces. The cgroup hierarchies are mounted anew, and so begin at the machine's own cgroups.
    private const string Setup = $$"""
        set -eu
        here=$1 littlebox=$2
        mount --make-rprivate /
        legacy=$(awk -F: '$2 != "" { print $2 }' /proc/self/cgroup)
        mount -t tmpfs -o mode=755 tmpfs /mnt
        if [ -n "$legacy" ]; then
            for hierarchy in $legacy; do
                name=${hierarchy#name=}
                mkdir /mnt/$name
                case $hierarchy in name=*) options=none,$hierarchy ;; *) options=$hierarchy ;; esac
                mount -t cgroup -o $options cgroup /mnt/$name
            done
            if grep -q cgroup2 /proc/self/mountinfo; then mkdir /mnt/unified; mount -t cgroup2 cgroup2 /mnt/unified; fi
        else
            mount -t cgroup2 cgroup2 /mnt
        fi
        umount -R -l /sys/fs/cgroup
        mount --move /mnt /sys/fs/cgroup
        for file in passwd group subuid subgid; do touch /etc/$file; mount --bind $here/$file /etc/$file; done
        mount -t tmpfs -o mode=755 tmpfs /mnt
        mkdir -p /mnt/runtimes /mnt/dev /mnt/tester/run /mnt/lock /mnt/mount
        cp $littlebox /mnt/runtimes/littlebox-oci
        chmod 755 /mnt/runtimes/littlebox-oci
        cp $here/root.tar /mnt/root.tar
        mknod -m 666 /mnt/dev/tun c 10 200
        mknod -m 666 /mnt/dev/fuse c 10 229
        mount -t tmpfs -o mode=755 tmpfs /mnt/tester
        mkdir /mnt/tester/run
        chown -R {{Owner}} /mnt/tester
        mount -n --move /mnt /run
        if [ -e /dev/net/tun ]; then mount --bind /run/dev/tun /dev/net/tun; fi
        if [ -e /dev/fuse ]; then mount --bind /run/dev/fuse /dev/fuse; fi
        mkdir -p /etc/containers
        mount -t tmpfs -o mode=755 tmpfs /etc/containers
        cp $here/containers.conf /etc/containers/containers.conf
        echo '{"default":[{"type":"insecureAcceptAnything"}]}' >/etc/containers/policy.json
        printf '[storage]\ndriver = "overlay"\nrunroot = "/run/containers/storage"\ngraphroot = "/var/lib/containers/storage"\n' >/etc/containers/storage.conf
        chmod 644 /etc/containers/*
        mount -t tmpfs -o mode=755 tmpfs /var/lib
        mount -t tmpfs -o mode=1777 tmpfs /var/tmp
        mount -t tmpfs -o mode=1777 tmpfs /dev/shm
        ip link set lo up
        podman import -q /run/root.tar {{Image}} >/dev/null
        echo ready
        # The first process reaps what loses its parent.
        while :; do sleep 1000 & wait $! || :; done
        """;

    // Into its cgroups first: nsenter joins the namespace of these, which only shows them differently.
    private string[] Inside(string[] words) => ["-euc", $"{EnterCGroups}; exec nsenter --target {first.Id} --mount --net --pid --cgroup -- \"$@\"", "bash", .. words];

    private string EnterCGroups => string.Join("; ", cgroups.Select(static directory => $"echo 0 >{directory}/cgroup.procs"));

    private void MakeCGroups()
    {
        string name = $"littlebox-clients-{Environment.ProcessId}-{Interlocked.Increment(ref count)}";
        Dictionary<string, string> own = File.ReadAllLines("/proc/self/cgroup").Select(static line => line.Split(':', 3)).ToDictionary(static fields => fields[1], static fields => fields[2]);
        foreach (string line in File.ReadAllLines("/proc/self/mountinfo"))
        {
            string[] words = line.Split(' ');
            int dash = Array.IndexOf(words, "-");
            if (words[dash + 1] is not ("cgroup" or "cgroup2") || cgroups.Exists(path => path.StartsWith(words[4] + "/", StringComparison.Ordinal))) continue;
            string directory = $"{words[4]}/{name}";
            if (Directory.Exists(directory)) continue;
            Directory.CreateDirectory(directory);
            cgroups.Add(directory);
            // A cgroup of this controller has neither processors nor memory to begin with.
            foreach (string file in new[] { "cpuset.cpus", "cpuset.mems" })
            {
                if (words[dash + 1] == "cgroup" && File.Exists($"{directory}/{file}")) File.WriteAllText($"{directory}/{file}", File.ReadAllText($"{words[4]}/{file}"));
            }
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("bash", ["-euc", $"{EnterCGroups}; exec unshare --mount --net --pid --cgroup --fork --kill-child --mount-proc bash {sandbox["setup"]} {sandbox.Path} {NativeBinary.OciLocation}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in Variables)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }
        using var unshare = Process.Start(start)!;
        var errors = new StringBuilder();
        unshare.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        unshare.BeginErrorReadLine();
        if (unshare.StandardOutput.ReadLine() != "ready")
        {
            unshare.WaitForExit();
            Assert.Fail($"the machine could not be made:\n{errors}");
        }
        // The namespaces are those of unshare's only child.
        int child = int.Parse(File.ReadAllText($"/proc/{unshare.Id}/task/{unshare.Id}/children").Trim());
        return Process.GetProcessById(child);
    }

    private static void Remove(string directory)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                foreach (string inner in Directory.GetDirectories(directory)) Remove(inner);
                Directory.Delete(directory);
                return;
            }
            catch (IOException) when (tries < 100 && Directory.Exists(directory))
            {
                Thread.Sleep(50);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
        }
    }
}
