namespace Littlebox.Integration.Tests;

/// <summary>
/// The script that <c>explain --as-shell</c> prints builds the same container: both are run, and asked from inside what they see.
/// </summary>
public sealed class AsShellTests
{
    private static readonly string[] Kinds = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

    [Theory]
    [InlineData("a plain root")]
    [InlineData("a host name", "--hostname", "somewhere")]
    [InlineData("variables", "-e", "FIRST=one two", "-e", "SECOND=it's \"quoted\" $HOME")]
    [InlineData("a user by name", "-u", "alice")]
    [InlineData("a user and a group by number", "-u", "4711:4712")]
    [InlineData("a working directory that is there", "-w", "/srv")]
    [InlineData("a working directory that is made", "-w", "/made/for it")]
    [InlineData("a read-only root", "--read-only")]
    [InlineData("a volume", "-v", "SANDBOX/volume:/mnt/data")]
    [InlineData("a read-only volume of a file", "-v", "SANDBOX/volume/file:/srv/file:ro")]
    [InlineData("a volume with options", "--mount", "type=bind,source=SANDBOX/volume,target=/srv,readonly", "-v", "SANDBOX/volume:/opt:nosuid,nodev,noexec,rslave")]
    [InlineData("a shared volume", "-v", "SANDBOX/volume:/opt:rshared")]
    [InlineData("a file system in memory", "--tmpfs", "/tmp:size=1m,mode=1777", "--tmpfs", "/var/cache")]
    [InlineData("more capabilities", "--cap-add", "SYS_PTRACE", "--cap-drop", "CHOWN")]
    [InlineData("all privileges", "--privileged")]
    [InlineData("no capabilities", "--cap-drop", "ALL")]
    [InlineData("the host's network", "--net=host")]
    [InlineData("the host's uts namespace", "--uts=host")]
    [InlineData("the host's ipc namespace", "--ipc=host")]
    [InlineData("the host's cgroup namespace", "--cgroupns=host")]
    [InlineData("a time namespace", "--time=private")]
    [InlineData("standard input", "-i")]
    public void The_script_of_explain_builds_the_same_container(string what, params string[] options)
    {
        using var sandbox = new Sandbox();
        Compare(sandbox, what, sandbox.MakeRoot(), options, static (program, arguments) => Program.Run(program, arguments));
    }

    [Theory]
    [InlineData("as root", "-v", "SANDBOX/volume:/mnt/data:ro,noexec", "--mount", "type=bind,source=SANDBOX/volume,target=/srv,bind-nonrecursive")]
    [InlineData("in a user namespace", "--userns=private", "-v", "SANDBOX/volume:/mnt/data:ro,noexec")]
    public void The_script_of_explain_builds_the_same_container_with_a_volume_that_has_mounts_below(string what, params string[] options)
    {
        using var sandbox = new Sandbox();
        RunResult real = Compare(sandbox, what, sandbox.MakeRoot(), options, (program, arguments) => Program.Run("unshare",
            ["--mount", "--propagation", "private", "sh", "-euc", $"mkdir -p '{sandbox["volume/one two"]}'; mount -t tmpfs tmpfs '{sandbox["volume/one two"]}'; exec \"$@\"", "sh", program, .. arguments]));
        Assert.Contains(Probe.Read(real.Output)["mounts"], static line => line.Contains(@" /mnt/data/one\040two ro,noexec,", StringComparison.Ordinal));
    }

    [Fact]
    public void The_script_of_explain_builds_the_same_container_of_the_host_s_root()
    {
        using var sandbox = new Sandbox();
        Compare(sandbox, "host", "host", ["--tmpfs", "/opt"], static (program, arguments) => Program.Run(program, arguments), busybox: "/bin/busybox");
    }

    [Fact]
    public void The_script_of_explain_builds_the_same_container_with_the_host_s_processes()
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        (RunResult script, RunResult real) = Both(sandbox, ["--pid=host", root, "sh", "-c", "echo $(ls -d /proc/[0-9]* | wc -l); readlink /proc/self/ns/pid"], static (program, arguments) => Program.Run(program, arguments));
        Assert.Equal(real.Lines[1], script.Lines[1]);
        Assert.True(int.Parse(script.Lines[0]) > 5);
    }

    [Theory]
    [InlineData("net")]
    [InlineData("uts")]
    [InlineData("ipc")]
    [InlineData("cgroupns")]
    [InlineData("pid")]
    public void The_script_of_explain_joins_the_same_namespaces(string option)
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        using RunningProgram other = NativeBinary.Start("run", "--name", "shell-other", root, "sh", "-c", "echo ready; exec sleep 100");
        other.WaitForOutput("ready");
        Compare(sandbox, option, root, [$"--{option}=container:shell-other"], static (program, arguments) => Program.Run(program, arguments));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_script_of_explain_builds_the_same_container_for_an_ordinary_user(bool subordinateIds)
    {
        using var sandbox = new Sandbox();
        using var user = new OrdinaryUser(subordinateIds);
        string root = RootFs.Make(user.Home + "/root");
        Program.Run("chown", ["-hR", $"{OrdinaryUser.Id}:{OrdinaryUser.Id}", root]).ExpectSuccess();
        Compare(sandbox, "ordinary user", root, ["-v", $"{root}/etc:/srv:ro"], (program, arguments) => user.RunProgram(program, arguments));
    }

    [Theory]
    [InlineData("all ids", "--userns=private")]
    [InlineData("ranges of ids", "--uidmap=0:100000:1000", "--uidmap=1000:200000:5000", "--gidmap=0:100000:6000")]
    [InlineData("a user and a directory that is made", "--userns=private", "-u", "4711:4712", "-w", "/made/for it")]
    [InlineData("a read-only root", "--userns=private", "--read-only")]
    [InlineData("all privileges", "--userns=private", "--privileged")]
    [InlineData("a time namespace", "--userns=private", "--time=private")]
    [InlineData("the host's namespaces", "--userns=private", "--net=host", "--ipc=host", "--uts=host", "--cgroupns=host")]
    [InlineData("volumes", "--userns=private", "-v", "SANDBOX/hidden/volume:/mnt/data", "-v", "SANDBOX/volume/file:/srv/file:ro", "--mount", "type=bind,source=SANDBOX/volume,target=/opt,readonly", "-v", "SANDBOX/volume:/made/by:nosuid,rslave")]
    [InlineData("a shared volume", "--userns=private", "-v", "SANDBOX/volume:/opt:rshared")]
    [InlineData("file systems in memory", "--userns=private", "--tmpfs", "/tmp:size=1m,mode=1777", "--mount", "type=tmpfs,target=/made/for/it")]
    public void The_script_of_explain_builds_the_same_container_in_a_user_namespace_of_root_s(string what, params string[] options)
    {
        using var sandbox = new Sandbox();
        sandbox.Write("hidden/volume/file", "hidden\n");
        File.SetUnixFileMode(sandbox["hidden"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string root = sandbox.MakeRoot();
        Compare(sandbox, what, root, options, static (program, arguments) => Program.Run(program, arguments));
        Compare(sandbox, what, "default", options, static (program, arguments) => Program.Run(program, arguments));
    }

    [Fact]
    public void The_script_of_explain_builds_the_same_container_of_the_host_s_root_and_its_file_systems_in_a_user_namespace()
    {
        if (Program.Bash("stat -f -c %T /").Output.Trim() is var type && type is "overlayfs" or "tmpfs") Assert.Skip($"/ is {type}: the host's root has one layer only");
        using var sandbox = new Sandbox();
        RunResult real = Compare(sandbox, "host", "host", ["--userns=private"], static (program, arguments) =>
            Program.Run("unshare", ["--mount", "--propagation", "private", "sh", "-euc", "mount --bind /usr/share /srv; exec \"$@\"", "sh", program, .. arguments]), busybox: "/bin/busybox");
        Assert.Contains(Probe.MountPoints(Probe.Read(real.Output)["mounts"]), static point => point == "/srv");
    }

    [Fact]
    public void Where_the_container_s_root_is_another_id_than_an_ordinary_user_s_the_container_runs_and_no_script_is_printed()
    {
        using var user = new OrdinaryUser(subordinateIds: true);
        string[] options = [$"--uidmap=0:{OrdinaryUser.FirstSubordinate}:10", "default", "id"];
        Assert.Equal("uid=0(root) gid=0(root)\n", user.Run(["run", .. options]).ExpectExit(0).Output);
        RunResult result = user.Run(["explain", "--as-shell", "run", .. options]).ExpectExit(2);
        Assert.Equal("", result.Output);
        Assert.StartsWith("littlebox: --as-shell: a script opens the root and the volumes by name", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_of_explain_maps_every_range_of_an_ordinary_user()
    {
        using var sandbox = new Sandbox();
        using var user = new OrdinaryUser(subordinateIds: true, "3000000:100", "3001000:50");
        RunResult real = Compare(sandbox, "ranges", "default", [], (program, arguments) => user.RunProgram(program, arguments));
        Assert.Equal(4, Probe.Read(real.Output)["ids"].Count(static line => line.Contains(" 300", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("as root")]
    [InlineData("in a user namespace", "--userns=private")]
    public void The_script_of_explain_leaves_nothing_behind(string what, params string[] options)
    {
        Assert.NotEmpty(what);
        using var sandbox = new Sandbox();
        string script = Script(sandbox, [.. options, sandbox.MakeRoot(), "true"], static (program, arguments) => Program.Run(program, arguments));
        Directory.CreateDirectory(sandbox["tmp"]);
        using var leaks = new LeakCheck(sandbox["tmp"]);
        Program.Run("bash", [script], environment: [("TMPDIR", sandbox["tmp"])]).ExpectSuccess();
    }

    [Theory]
    [InlineData("a line that could end the script's document", "INSIDE")]
    [InlineData("quotes", "it's \"so\"")]
    [InlineData("a substitution", "$(touch /tmp/never) `id`")]
    [InlineData("a backslash", "\\n \\")]
    public void A_word_reaches_the_command_of_the_script_as_it_is(string what, string word)
    {
        using var sandbox = new Sandbox();
        Assert.NotEmpty(what);
        (RunResult script, RunResult real) = Both(sandbox, [sandbox.MakeRoot(), "printf", "%s.\n", $"before\n{word}\nafter"], static (program, arguments) => Program.Run(program, arguments));
        Assert.Equal(real.Output, script.Output);
        Assert.Equal($"before\n{word}\nafter.\n", script.Output);
    }

    private static RunResult Compare(Sandbox sandbox, string what, string root, string[] options, Func<string, IEnumerable<string>, RunResult> run, string? busybox = null)
    {
        sandbox.Write("volume/file", "content\n");
        string[] given = [.. options.Select(option => option.Replace("SANDBOX", sandbox.Path, StringComparison.Ordinal))];
        string[] shell = busybox is null ? ["sh"] : [busybox, "sh"];
        (RunResult script, RunResult real) = Both(sandbox, [.. given, root, .. shell, "-c", Probe.Script], run);
        Dictionary<string, string[]> expected = Probe.Read(real.Output), seen = Probe.Read(script.Output);
        Assert.Equal(expected.Keys, seen.Keys);
        var differences = new List<string>();
        foreach ((string section, string[] lines) in expected)
        {
            string[] one = lines, other = seen[section];
            if (section is "environment") other = [.. other.Intersect(one)];
            // Newer kernels list mounts by their age (6.8), and a volume is older than the place it is moved to.
            if (section is "mounts") (one, other) = ([.. Probe.Mounts(one).Order(StringComparer.Ordinal)], [.. Probe.Mounts(other).Order(StringComparer.Ordinal)]);
            if (section is "namespaces") (one, other) = (Compared(one), Compared(other));
            // Numbers of processes depend on how many came before in a shared pid namespace.
            if (section is "processes" or "session" && options.Any(static option => option.StartsWith("--pid", StringComparison.Ordinal))) continue;
            if (!one.SequenceEqual(other)) differences.Add($"{section}:\n  littlebox:\n    {string.Join("\n    ", one.Except(other))}\n  script:\n    {string.Join("\n    ", other.Except(one))}\n  all of the script's: {string.Join(" | ", other)}");
        }
        Assert.True(differences.Count == 0, $"{what}\n{string.Join('\n', differences)}\n--- errors of the script\n{script.Errors}");
        return real;
    }

    // Each kind with "same" or "different" from ours, or the inode where both containers share somebody else's.
    private static string[] Compared(string[] inodes) => [.. Kinds.Select((kind, index) => $"{kind} {(inodes[index] == Linux.Kernel.TryReadLink($"/proc/self/ns/{kind}") ? "host's" : "own")}")];

    private static (RunResult Script, RunResult Real) Both(Sandbox sandbox, string[] words, Func<string, IEnumerable<string>, RunResult> run)
    {
        string script = Script(sandbox, words, run);
        RunResult real = run(NativeBinary.Location, ["run", "--name", "as-shell", .. words]).ExpectExit(0);
        return (run("bash", [script]).ExpectExit(0), real);
    }

    private static string Script(Sandbox sandbox, string[] words, Func<string, IEnumerable<string>, RunResult> run) =>
        sandbox.Write("script", run(NativeBinary.Location, ["explain", "--as-shell", "run", "--name", "as-shell", .. words]).ExpectSuccess().Output);
}
