namespace Littlebox.Integration.Tests;

/// <summary>What the kernel does not let happen: the sentence names the cause and the remedy, the call stands below as strace prints it, and nothing is left.</summary>
public sealed class StepErrorTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;

    public StepErrorTests() => root = sandbox.MakeRoot();

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("user", "CLONE_NEWUSER", "--userns=private")]
    [InlineData("mnt", "CLONE_NEWNS")]
    [InlineData("uts", "CLONE_NEWUTS")]
    [InlineData("ipc", "CLONE_NEWIPC")]
    [InlineData("net", "CLONE_NEWNET")]
    [InlineData("pid", "CLONE_NEWPID")]
    [InlineData("cgroup", "CLONE_NEWCGROUP")]
    [InlineData("time", "CLONE_NEWTIME", "--time=private")]
    public void Namespaces_that_are_switched_off_are_named_with_the_line_that_switches_them_on(string kind, string flag, params string[] options)
    {
        RunResult result = InLimitedNamespace(kind, 0, [.. options, root, "true"]);
        Fails(result, "Start the child in its new namespaces: ", $"new {kind} namespaces are switched off here: sysctl user.max_{kind}_namespaces is 0; 'sysctl -w user.max_{kind}_namespaces=15000'");
        Assert.Matches($@"\n  clone3\(\{{flags=[A-Z_|]*{flag}[A-Z_|]*, exit_signal=SIGCHLD\}}, 88\) = -1 ENOSPC \(No space left on device\)\n  step \d+, on the host\n", result.Errors);
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    [InlineData("dev")]
    public void A_link_where_the_kernel_s_own_is_mounted_is_named_with_its_target(string place)
    {
        Directory.Delete($"{root}/{place}");
        File.CreateSymbolicLink($"{root}/{place}", "/etc");
        RunResult result = NativeBinary.Run("run", root, "true").ExpectExit(125);
        Assert.Contains($"/{place} of the root is a symbolic link, to \"/etc\"", result.Errors.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_read_only_is_told_with_what_mends_it()
    {
        RunResult result = Program.Run("unshare", ["-m", "sh", "-c", $"mount -t tmpfs -o ro,mode=700 tmpfs /run/littlebox; exec {NativeBinary.Location} run {root} true"]).ExpectExit(125);
        Assert.Contains("/run/littlebox, where running containers are noted, is read-only; it must be a directory on a file system that can be written to", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_user_is_told_what_is_wrong_with_his_runtime_directory_and_that_only_root_keeps_namespaces()
    {
        using var user = new OrdinaryUser();
        Assert.Contains("set XDG_RUNTIME_DIR to a directory of this user's own (now it is \"/nowhere\")", user.RunProgram("env", ["XDG_RUNTIME_DIR=/nowhere", NativeBinary.Location, "run", "host", "true"]).ExpectExit(125).Errors, StringComparison.Ordinal);
        Assert.Contains("only root may make either of them: be root", user.Run("ns", "new", "--net", "mine").ExpectExit(125).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_namespaces_are_an_error_that_names_the_limit()
    {
        // One of each kind may be made; the first container has it.
        RunResult result = InLimitedNamespace("net", 1, [root, "true"], before: "unshare -n sleep 1000 & until [ \"$(readlink /proc/$!/ns/net)\" != \"$(readlink /proc/self/ns/net)\" ]; do :; done; trap \"kill $!\" EXIT; ");
        Fails(result, "Start the child in its new namespaces: ", "too many namespaces of one kind for this user, or nested too deeply (32): see sysctl user.max_user_namespaces");
        Assert.Contains("= -1 ENOSPC", result.Errors, StringComparison.Ordinal);
        Assert.Contains("'littlebox ns ls'", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_user_without_user_namespaces_is_told_so()
    {
        using var leaks = new LeakCheck();
        // Seen from a user namespace that may have none below it, without the rights of its root.
        RunResult result = Program.Run("unshare", ["--user", "--map-root-user", "--mount", "sh", "-euc",
            "echo 0 > /proc/sys/user/max_user_namespaces; XDG_RUNTIME_DIR=$2 exec setpriv --bounding-set=-all --inh-caps=-all -- \"$1\" run --userns=private --uidmap=0:0:1 \"$3\" true", "sh", NativeBinary.Location, sandbox.Path, root]);
        Fails(result, "Start the child in its new namespaces: ", "");
        Assert.Matches(@"\n  clone3\(.*CLONE_NEWUSER.*\) = -1 E(NOSPC|PERM) \(", result.Errors);
    }

    [Theory]
    [InlineData("the root", "ROOT=SANDBOX/closed/root: SANDBOX/closed/root: permission denied", "SANDBOX/closed/root", "true")]
    [InlineData("an archive", "the archive \"SANDBOX/closed.tar\" may not be read by this user", "SANDBOX/closed.tar", "true")]
    [InlineData("the source of a mount", "--volume=SANDBOX/closed/root:/mnt: the source SANDBOX/closed/root cannot be mounted: permission denied", "-v", "SANDBOX/closed/root:/mnt", "default", "true")]
    [InlineData("the pid file", "Write the pid file: this user may not write SANDBOX/closed/pid: choose another place", "--pidfile", "SANDBOX/closed/pid", "default", "true")]
    [InlineData("the host's user namespace", "--userns=host: only root may make the other namespaces without a user namespace", "--userns=host", "default", "true")]
    [InlineData("the host's network, as another user's namespace", "--net=ns:/proc/1/ns/net", "--net=ns:/proc/1/ns/net", "default", "true")]
    public void What_an_ordinary_user_may_not_do_is_told(string what, string sentence, params string[] words)
    {
        using var user = new OrdinaryUser();
        user.Run("run", "default", "true").ExpectExit(0);
        Directory.CreateDirectory(sandbox["closed"]);
        RootFs.Make(sandbox["closed/root"]);
        File.SetUnixFileMode(sandbox["closed"], (UnixFileMode)0b111_000_000);
        sandbox.Write("closed.tar", "", 0b110_000_000);
        using var leaks = new LeakCheck("/run/littlebox", "/var/lib/littlebox", user.Home);
        RunResult result = user.Run(["run", .. words.Select(InSandbox)]).ExpectExit(125);
        Assert.Equal("", result.Output);
        Assert.True(result.Errors.StartsWith("littlebox: " + InSandbox(sentence), StringComparison.Ordinal), $"{what}: {result}");
    }

    [Theory]
    [InlineData("a link to the root of the host", "/", "/etc/new")]
    [InlineData("a link to a directory of the host", "/etc", "/etc/new")]
    [InlineData("a link upwards", "../../../../../../../../etc", "/etc/new")]
    public void A_target_behind_a_link_stays_inside_the_root(string what, string link, string outside)
    {
        File.CreateSymbolicLink(sandbox["root/way"], link);
        sandbox.Write("volume/file", "mine");
        using var leaks = new LeakCheck();
        string below = link == "/" ? "/way/etc/new" : "/way/new";
        Assert.Equal("mine", NativeBinary.Run("run", "-v", sandbox["volume"] + ":" + below, root, "cat", "/etc/new/file").ExpectSuccess().Output);
        // It was made beneath the root, and has gone with the container.
        Assert.False(Directory.Exists(sandbox["root/etc/new"]), what);
        Assert.False(Directory.Exists(outside) || File.Exists(outside), what);
    }

    [Theory]
    [InlineData("a link that leads nowhere", "nothing-here", "/way", "a link that leads nowhere inside the root", "ENOTDIR")]
    [InlineData("links in a circle", "way", "/way", "links in a circle", "ELOOP")]
    [InlineData("a link to a file", "etc/passwd", "/way", "a directory can only be mounted on a directory, a file on a file", "EINVAL")]
    [InlineData("below a file", "etc/passwd", "/way/below", "a directory can only be mounted on a directory, a file on a file", "ENOTDIR")]
    public void A_target_that_cannot_be_is_an_error(string what, string link, string target, string words, string error)
    {
        File.CreateSymbolicLink(sandbox["root/way"], link);
        Directory.CreateDirectory(sandbox["volume"]);
        NativeBinary.Run("run", root, "true").ExpectExit(0);
        using var leaks = new LeakCheck("/run/littlebox", "/var/lib/littlebox", root);
        RunResult result = NativeBinary.Run("run", "-v", $"{sandbox["volume"]}:{target}", root, "true");
        Fails(result, $"Mount {sandbox["volume"]} at {target}: ", words, what);
        Assert.Contains($"= -1 {error} (", result.Errors, StringComparison.Ordinal);
        Assert.Matches($@"\n  step \d+, inside the container, from --volume={sandbox["volume"]}:{target}\n", result.Errors);
    }

    [Fact]
    public void A_link_of_proc_is_no_way_out()
    {
        // /proc inside is there when the target is opened: a magic link would lead anywhere.
        File.CreateSymbolicLink(sandbox["root/way"], "/proc/self/root/etc");
        Directory.CreateDirectory(sandbox["volume"]);
        using var leaks = new LeakCheck();
        Fails(NativeBinary.Run("run", "-v", sandbox["volume"] + ":/way/new", root, "true"), $"Mount {sandbox["volume"]} at /way/new: ", "goes through a link of /proc");
        Assert.False(Directory.Exists("/etc/new"));
    }

    [Fact]
    public void A_missing_place_on_a_root_that_cannot_be_written_is_an_error()
    {
        using var leaks = new LeakCheck();
        string[] words = ["-v", "/etc:/new/place", root, "true"];
        RunResult result = Program.Run("unshare", ["--mount", "sh", "-euc", $"mount --bind {root} {root}; mount -o remount,bind,ro {root}; exec \"$@\"", "sh", NativeBinary.Location, "run", .. words]);
        Fails(result, "", "read-only");
        Assert.Contains("= -1 EROFS (", result.Errors, StringComparison.Ordinal);
    }

    // In a user namespace with a limit of its own: nothing of the machine changes.
    private RunResult InLimitedNamespace(string kind, int limit, string[] words, string before = "")
    {
        using var leaks = new LeakCheck();
        return Program.Run("unshare", ["--user", "--map-root-user", "--mount", "sh", "-euc",
            $"echo {limit} > /proc/sys/user/max_{kind}_namespaces; {before}\"$@\"", "sh", NativeBinary.Location, "run", .. words]);
    }

    private static void Fails(RunResult result, string step, string words, string what = "")
    {
        result.ExpectExit(125);
        Assert.Equal("", result.Output);
        string sentence = result.Errors.Split('\n')[0];
        Assert.True(sentence.StartsWith("littlebox: " + step, StringComparison.Ordinal) && sentence.Contains(words, StringComparison.Ordinal), $"{what} {result}");
    }

    private string InSandbox(string text) => text.Replace("SANDBOX", sandbox.Path, StringComparison.Ordinal);
}
