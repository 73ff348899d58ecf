namespace Littlebox.Integration.Tests;

/// <summary>ROOT: the embedded one, archives of every form, the host's own, directories.</summary>
public sealed class RootTests
{
    [Fact]
    public void The_default_root_has_busybox_and_is_whole_again_each_time()
    {
        Assert.Equal("0\nhello\n", NativeBinary.Run("run", "--rm", "default", "sh", "-c", "id -u; rm /etc/passwd; echo hello").ExpectSuccess().Output);
        Assert.StartsWith("root:x:0:0:", NativeBinary.Run("run", "--rm", "default", "cat", "/etc/passwd").ExpectSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_alone_opens_a_shell_in_the_default_root()
    {
        using var terminal = new PseudoTerminal();
        using RunningProgram running = terminal.Start(NativeBinary.Location, "run");
        terminal.WaitFor("# ");
        terminal.Type("echo $((6 * 7)) $$; exit 4\n");
        Assert.Equal(4, running.WaitForEnd().ExitCode);
        Assert.Contains("42 1\n", terminal.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root.tar")]
    [InlineData("root.tar.gz", "-z")]
    [InlineData("root.tar.xz", "-J")]
    [InlineData("root.tar.zst", "--zstd")]
    public void An_archive_is_a_root(string name, params string[] compression)
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        sandbox.Write("root/etc/mark", name);
        Program.Run("tar", ["-C", root, .. compression, "-cf", sandbox[name], "."]).ExpectSuccess();
        // The second time it is there already, unchanged by the first.
        for (int time = 0; time < 2; time++)
            Assert.Equal($"{name}\n1000:63\n", NativeBinary.Run("run", "-u", "alice:audio", sandbox[name], "sh", "-c", "cat /etc/mark; echo; id -u | tr '\\n' :; id -g").ExpectSuccess().Output);
        NativeBinary.Run("run", sandbox[name], "sh", "-c", "rm /etc/mark").ExpectSuccess();
        Assert.Equal(name, NativeBinary.Run("run", sandbox[name], "cat", "/etc/mark").ExpectSuccess().Output);
    }

    [Fact]
    public void An_archive_by_a_relative_path_is_a_root()
    {
        using var sandbox = new Sandbox();
        Program.Run("tar", ["-C", sandbox.MakeRoot(), "-cf", sandbox["r.tar"], "."]).ExpectSuccess();
        Assert.Equal("here\n", NativeBinary.Run(["run", "./r.tar", "echo", "here"], directory: sandbox.Path).ExpectSuccess().Output);
    }

    [Fact]
    public void The_host_s_own_root_is_there_and_nothing_that_is_done_to_it_lasts()
    {
        using var sandbox = new Sandbox();
        sandbox.Write("kept", "before\n");
        using var leaks = new LeakCheck();
        string[] lines = NativeBinary.Run("run", "--rm", "host", "sh", "-c", $"cat {sandbox["kept"]}; echo after > {sandbox["kept"]}; cat {sandbox["kept"]}; rm -r {sandbox.Path}; ls {sandbox.Path} 2>/dev/null || echo gone; dpkg-query -W -f '${{Package}}\n' bash").ExpectSuccess().Lines;
        Assert.Equal(["before", "after", "gone", "bash"], lines);
        Assert.Equal("before\n", File.ReadAllText(sandbox["kept"]));
    }

    [Fact]
    public void A_directory_is_changed_by_what_runs_in_it()
    {
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        NativeBinary.Run("run", root, "sh", "-c", "echo written > /srv/file").ExpectSuccess();
        Assert.Equal("written\n", File.ReadAllText(root + "/srv/file"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_ordinary_user_runs_every_kind_of_root(bool subordinateIds)
    {
        using var user = new OrdinaryUser(subordinateIds);
        using var sandbox = new Sandbox();
        string root = sandbox.MakeRoot();
        Program.Run("tar", ["-C", root, "-cf", sandbox["r.tar"], "."]).ExpectSuccess();
        Program.Run("chown", ["-R", $"{OrdinaryUser.Id}:{OrdinaryUser.Id}", root]).ExpectSuccess();
        Assert.Equal("0\n", user.Run("run", "--rm", root, "id", "-u").ExpectSuccess().Output);
        Assert.Equal("0\n", user.Run("run", "--rm", "default", "id", "-u").ExpectSuccess().Output);
        Assert.Equal("0\n", user.Run("run", "--rm", sandbox["r.tar"], "id", "-u").ExpectExit(0).Output);
        Assert.Equal("0\n", user.Run("run", "--rm", "host", "id", "-u").ExpectSuccess().Output);
        if (subordinateIds) Assert.Equal("1000\n", user.Run("run", "--rm", "-u", "alice", root, "id", "-u").ExpectSuccess().Output);
    }
}
