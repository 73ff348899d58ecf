namespace Littlebox.Integration.Tests;

/// <summary>The places that are made for mounts in a directory of the user's: they go with the last container of that directory.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;
    private readonly string[] before;

    public PlaceTests()
    {
        sandbox.Write("volume/file", "content\n");
        root = sandbox["bare"];
        Bare(root);
        before = Entries();
    }

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData(0, "true")]
    [InlineData(127, "/nosuch")]
    [InlineData(3, "sh", "-c", "exit 3")]
    public void Nothing_of_a_container_remains_in_the_directory_it_ran_from(int code, params string[] command)
    {
        NativeBinary.Run(["run", "--rm", "-v", $"{sandbox["volume"]}:/mnt/a/volume", "-v", $"{sandbox["volume/file"]}:/mnt/b/file", "--tmpfs", "/mnt/c", "-w", "/made/for/it", root, .. command]).ExpectExit(code);
        Assert.Equal(before, Entries());
    }

    [Fact]
    public void What_the_program_has_written_remains_with_the_directories_it_is_in()
    {
        NativeBinary.Run("run", "-w", "/made/here", root, "sh", "-c", "echo text > file; mkdir /empty; : > /nil").ExpectSuccess();
        Assert.Equal([.. before.Concat(["/empty", "/made", "/made/here", "/made/here/file", "/nil"]).Order(StringComparer.Ordinal)], Entries());
    }

    [Fact]
    public void What_was_there_before_remains_even_where_it_is_empty()
    {
        Directory.CreateDirectory($"{root}/proc");
        Directory.CreateDirectory($"{root}/etc");
        File.WriteAllText($"{root}/etc/hosts", "");
        string[] there = Entries();
        NativeBinary.Run("run", root, "true").ExpectSuccess();
        Assert.Equal(there, Entries());
    }

    [Fact]
    public void A_container_that_still_runs_keeps_its_mounts_when_another_of_the_same_directory_ends()
    {
        using RunningProgram first = NativeBinary.Start("run", root, "sh", "-c", "echo ready; sleep 1000");
        first.WaitForOutput("ready");
        using RunningProgram second = NativeBinary.Start("run", "-i", root, "sh", "-c", "echo ready; read line; ls /proc/self/status /dev/null /etc/hosts /sys/kernel");
        second.WaitForOutput("ready");
        first.Signal(9);
        first.WaitForEnd();
        NativeBinary.Run("run", root, "true").ExpectSuccess();
        second.Input.Write("go\n");
        second.Input.Flush();
        RunResult result = second.WaitForEnd();
        Assert.True(result.ExitCode == 0 && result.Output.Contains("/proc/self/status\n", StringComparison.Ordinal), result.ToString());
        NativeBinary.Run("ps").ExpectExit(0);
        Assert.Equal(before, Entries());
    }

    [Fact]
    public void The_next_command_removes_what_a_littlebox_that_was_killed_has_made()
    {
        using RunningProgram running = NativeBinary.Start("run", root, "sh", "-c", "echo ready; sleep 1000");
        running.WaitForOutput("ready");
        running.Signal(9);
        running.WaitForEnd();
        Assert.NotEqual(before, Entries());
        NativeBinary.Run("ps").ExpectExit(0);
        Assert.Equal(before, Entries());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(9)]
    public void A_mount_namespace_that_is_pinned_keeps_its_mounts_when_the_container_has_ended_and_the_places_go_when_it_is_unpinned(int signal)
    {
        RunResult result = Program.Run("bash", ["-euc", """
            # On one processor: Linux 6.18 numbers mount namespaces from a stock for each, and one that it takes for older cannot be pinned.
            [ -n "${alone-}" ] || alone=1 exec taskset -c "$(sed -n 's/^Cpus_allowed_list:[[:space:]]*\([0-9]*\).*/\1/p' /proc/self/status)" unshare --mount --propagation private bash -euc "$BASH_EXECUTION_STRING" "$0" "$@"
            mount -t tmpfs tmpfs /run
            "$0" run --init --name kept "$1" sh -c 'echo ready; sleep 1000' > /run/output & littlebox=$!
            until grep -q ready /run/output; do sleep 0.05; done
            "$0" ns pin kept --mount > /dev/null
            kill -$2 $littlebox; wait $littlebox || true
            "$0" ps > /dev/null
            "$0" ns enter kept -- sh -c 'ls -d /proc/sys /dev/null /etc/hosts /sys/kernel'
            "$0" run "$1" true
            "$0" ns enter kept -- sh -c 'ls -d /dev/zero'
            "$0" ns unpin kept > /dev/null
            "$0" ps > /dev/null
            """, NativeBinary.Location, root, signal.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("/dev/null\n/etc/hosts\n/proc/sys\n/sys/kernel\n/dev/zero\n", result.Output);
        Assert.Equal(before, Entries());
    }

    [Fact]
    public void Many_at_once_leave_nothing_in_their_directory()
    {
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => NativeBinary.Run("run", root, "ls", "/proc/self/status", "/dev/null").ExpectSuccess());
        Assert.Equal(before, Entries());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_of_an_ordinary_user_s_container_remains_in_his_directory(bool subordinateIds)
    {
        using var user = new OrdinaryUser(subordinateIds);
        Bare(user.Home + "/bare");
        Program.Run("chown", ["-hR", $"{OrdinaryUser.Id}:{OrdinaryUser.Id}", user.Home]).ExpectSuccess();
        user.Run("run", user.Home + "/bare", "true").ExpectExit(0);
        user.Run("run", user.Home + "/bare", "/nosuch").ExpectExit(127);
        Assert.Equal(before, Entries(user.Home + "/bare"));
    }

    [Fact]
    public void The_script_of_explain_leaves_nothing_in_the_directory()
    {
        string script = sandbox.Write("script", NativeBinary.Run("explain", "--as-shell", "run", "-w", "/made/for/it", root, "true").ExpectSuccess().Output);
        Program.Run("bash", [script]).ExpectSuccess();
        Assert.Equal(before, Entries());
    }

    private static void Bare(string directory)
    {
        if (!File.Exists("/bin/busybox")) Assert.Skip("busybox is not installed: apt-get install busybox-static");
        Directory.CreateDirectory($"{directory}/bin");
        File.Copy("/bin/busybox", $"{directory}/bin/busybox");
        foreach (string name in (string[])["sh", "true", "ls", "mkdir", "sleep"]) File.CreateSymbolicLink($"{directory}/bin/{name}", "busybox");
    }

    private string[] Entries() => Entries(root);

    private static string[] Entries(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Select(entry => entry[directory.Length..]).Order(StringComparer.Ordinal)];
}
