namespace Littlebox.Integration.Tests;

/// <summary>Who the command is, where it starts, and how it ends.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;

    public ProcessTests() => root = sandbox.MakeRoot();

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("root by default", "", "0 0 groups  home /root")]
    [InlineData("a name, with its group and the groups that list it", "alice", "1000 1000 groups 50 63 home /home/alice")]
    [InlineData("a name and a group's name", "alice:staff", "1000 50 groups  home /home/alice")]
    [InlineData("a name and a group's number", "alice:7", "1000 7 groups  home /home/alice")]
    [InlineData("a number with an entry", "1000", "1000 1000 groups 50 63 home /home/alice")]
    [InlineData("a number without an entry", "4711", "4711 0 groups  home /")]
    [InlineData("two numbers", "4711:4712", "4711 4712 groups  home /")]
    [InlineData("the highest id", "4294967294:4294967294", "4294967294 4294967294 groups  home /")]
    public void The_user_is_looked_up_in_the_root_s_own_files(string what, string user, string expected)
    {
        string[] options = user.Length == 0 ? [] : ["-u", user];
        string seen = NativeBinary.Run(["run", .. options, root, "sh", "-c", "set -- $(grep -E '^(Uid|Gid|Groups)' /proc/self/status | tr '\\t\\n' '  '); shift; u=$1; while [ $1 != Gid: ]; do shift; done; shift; g=$1; while [ $1 != Groups: ]; do shift; done; shift; echo $u $g \"groups $*\" home $HOME"])
            .ExpectSuccess().Output.Trim();
        Assert.True(expected == seen, $"{what}: {seen}");
    }

    [Theory]
    [InlineData("1000:")]
    [InlineData(":5")]
    [InlineData(":")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("0x0")]
    [InlineData("1000:-1")]
    [InlineData("1000:4294967295")]
    [InlineData("nobody-of-that-name")]
    [InlineData("alice:no-group-of-that-name")]
    [InlineData("alice:staff:more")]
    [InlineData("+0")]
    [InlineData(" 0")]
    [InlineData("root ")]
    public void What_is_no_user_is_an_error_and_never_root(string user)
    {
        RunResult result = NativeBinary.Run("run", "-u", user, root, "id").ExpectExit(125);
        Assert.Equal("", result.Output);
        Assert.StartsWith("littlebox: --user", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a passwd file without a number", "alice:x:zero:1000::/:/bin/sh\n")]
    [InlineData("a passwd file with a number that wraps", "alice:x:4294967296:1000::/:/bin/sh\n")]
    public void A_user_whose_entry_cannot_be_read_is_an_error_and_never_root(string what, string content)
    {
        sandbox.Write("root/etc/passwd", content);
        RunResult result = NativeBinary.Run("run", "-u", "alice", root, "id").ExpectExit(125);
        Assert.True(result.Errors.Contains("/etc/passwd", StringComparison.Ordinal), what);
    }

    [Fact]
    public void A_huge_passwd_file_of_the_root_is_refused_and_not_read_to_its_end()
    {
        using (FileStream file = File.OpenWrite(sandbox["root/etc/passwd"])) file.SetLength(1L << 40);
        Assert.StartsWith("littlebox: --user=alice: the root's /etc/passwd is larger than 1 MiB", NativeBinary.Run("run", "-u", "alice", root, "id").ExpectExit(125).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/hostname")]
    [InlineData("../../../../../../../../etc/hostname")]
    public void A_passwd_file_that_is_a_link_is_followed_inside_the_root_only(string target)
    {
        File.Delete(sandbox["root/etc/passwd"]);
        File.CreateSymbolicLink(sandbox["root/etc/passwd"], target);
        sandbox.Write("root/etc/hostname", "linked:x:77:78::/:/bin/sh\n");
        Assert.Equal("uid=77 gid=78", NativeBinary.Run("run", "-u", "linked", root, "sh", "-c", "exec 2>/dev/null; echo uid=$(id -u) gid=$(id -g)").ExpectSuccess().Output.Trim());
    }

    [Fact]
    public void Another_user_than_root_has_no_capabilities_in_effect()
    {
        string[] lines = NativeBinary.Run("run", "-u", "alice", root, "grep", "Cap", "/proc/self/status").ExpectSuccess().Lines;
        Assert.Equal(["CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapBnd:\t00000000a80425fb", "CapAmb:\t0000000000000000"], lines);
    }

    [Theory]
    [InlineData("00000000a80425fb")]
    [InlineData("00000000a80435fb", "--cap-add", "NET_ADMIN")]
    [InlineData("00000000a80425fa", "--cap-drop", "cap_chown")]
    [InlineData("0000000000000000", "--cap-drop", "ALL")]
    [InlineData("0000000000000400", "--cap-drop", "ALL", "--cap-add", "NET_BIND_SERVICE")]
    public void Capabilities_are_added_and_taken_away(string expected, params string[] options) =>
        Assert.Equal($"CapBnd:\t{expected}", NativeBinary.Run(["run", .. options, root, "grep", "CapBnd", "/proc/self/status"]).ExpectSuccess().Output.Trim());

    [Fact]
    public void A_variable_is_set_passed_on_or_left_out()
    {
        string[] lines = NativeBinary.Run(
            ["run", "-e", "SET=a=b c", "-e", "PASSED", "-e", "MISSING", "-e", "PATH=/bin", "-e", "EMPTY=", "-e", "TWICE=1", "-e", "TWICE=2", root, "env"],
            environment: [("PASSED", "along"), ("SECRET", "not")]).ExpectSuccess().Lines;
        Assert.Contains("SET=a=b c", lines);
        Assert.Contains("PASSED=along", lines);
        Assert.Contains("PATH=/bin", lines);
        Assert.Contains("EMPTY=", lines);
        Assert.Contains("TWICE=2", lines);
        Assert.DoesNotContain(lines, static line => line.StartsWith("MISSING", StringComparison.Ordinal) || line.StartsWith("SECRET", StringComparison.Ordinal) || line == "TWICE=1");
    }

    [Theory]
    [InlineData("/srv", "/srv")]
    [InlineData("/made/when/missing", "/made/when/missing")]
    [InlineData("/srv/../etc/.", "/etc")]
    [InlineData("/../..", "/")]
    public void The_working_directory_is_made_when_it_is_missing(string given, string expected) =>
        Assert.Equal(expected, NativeBinary.Run("run", "-w", given, root, "pwd").ExpectSuccess().Output.Trim());

    [Fact]
    public void A_working_directory_behind_a_link_stays_inside_the_root()
    {
        File.CreateSymbolicLink(sandbox["root/out"], "../../../../../../../.." + sandbox.Path);
        NativeBinary.Run("run", "-w", "/out/made", root, "true");
        Assert.False(Directory.Exists(sandbox["made"]));
    }

    [Theory]
    [InlineData("/etc/passwd", "is not a directory in this root")]
    [InlineData("relative", "not an absolute path")]
    [InlineData("/proc/self/fd/7", "")]
    [InlineData("/proc/1/cwd/made", "")]
    public void A_working_directory_that_cannot_be_is_an_error(string directory, string words)
    {
        RunResult result = NativeBinary.Run("run", "-w", directory, root, "pwd").ExpectExit(125);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 1", 1)]
    [InlineData("exit 125", 125)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -KILL $$; sleep 10", 137)]
    [InlineData("kill -SEGV 0; sh -c 'kill -SEGV $$'; exit $?", 139)]
    public void The_exit_code_is_the_command_s(string script, int code)
    {
        // Process 1 cannot kill itself, so behind an init it is an ordinary process.
        Assert.Equal(code, NativeBinary.Run("run", "--init", root, "sh", "-c", script).ExitCode);
        if (script.StartsWith("exit", StringComparison.Ordinal)) Assert.Equal(code, NativeBinary.Run("run", root, "sh", "-c", script).ExitCode);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_signal_reaches_the_command_s_handler(int signal)
    {
        using RunningProgram running = NativeBinary.Start("run", root, "sh", "-c", $"trap 'echo caught; exit 42' {signal}; echo ready; while :; do sleep 0.05; done");
        running.WaitForOutput("ready");
        running.Signal(signal);
        Assert.Equal("ready\ncaught\n", running.WaitForEnd().ExpectExit(42).Output);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(1)]
    [InlineData(10)]
    public void A_command_without_a_handler_ends_by_the_signal(int signal)
    {
        foreach (string[] options in (string[][])[[], ["--init"], ["--pid=host"], ["-t"]])
        {
            using RunningProgram running = NativeBinary.Start(["run", .. options, root, "sh", "-c", "echo ready; exec sleep 1000"]);
            running.WaitForOutput("ready");
            running.Signal(signal);
            running.WaitForEnd().ExpectExit(128 + signal);
        }
    }

    [Fact]
    public void A_command_that_ignores_a_signal_goes_on()
    {
        using RunningProgram running = NativeBinary.Start("run", "-i", root, "sh", "-c", "trap '' TERM; echo ready; read line; echo still here");
        running.WaitForOutput("ready");
        running.Signal(15);
        running.Input.Close();
        Assert.Contains("still here", running.WaitForEnd().ExpectExit(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_init_reaps_orphans_and_is_process_1()
    {
        RunResult result = NativeBinary.Run("run", "--init", root, "sh", "-c",
            "echo $$; for i in 1 2 3 4 5; do (sleep 0.1 &) ; done; sleep 1; grep -l 'State:.Z' /proc/[0-9]*/status | wc -l; ls -d /proc/[0-9]* | wc -l");
        // Itself, init, ls and wc.
        Assert.Equal(["2", "0"], result.ExpectSuccess().Lines.Take(2));
        Assert.InRange(int.Parse(result.Lines[2]), 3, 5);
    }

    [Fact]
    public void An_init_ends_with_its_command_and_takes_the_others_along()
    {
        using var leaks = new LeakCheck();
        NativeBinary.Run("run", "--init", root, "sh", "-c", "(trap '' TERM HUP; sleep 1000) & exit 6").ExpectExit(6);
    }

    [Fact]
    public void An_init_has_none_of_the_host_s_descriptors_and_cannot_be_looked_into_by_its_exe()
    {
        RunResult result = NativeBinary.Run("run", "--init", root, "sh", "-c", "ls /proc/1/fd | wc -l; cat /proc/1/exe > /tmp/littlebox; echo $?; (: >> /proc/1/exe); echo $?");
        Assert.Equal("0", result.Lines[0]);
        Assert.NotEqual("0", result.Lines[1]);
        Assert.NotEqual("0", result.Lines[2]);
    }

    [Fact]
    public void The_pid_file_names_the_first_process_and_goes_with_it()
    {
        using RunningProgram running = NativeBinary.Start("run", "--pidfile", sandbox["pid"], root, "sh", "-c", "echo ready; exec sleep 1000");
        running.WaitForOutput("ready");
        for (int tries = 0; !File.Exists(sandbox["pid"]) && tries < 500; tries++) Thread.Sleep(10);
        int pid = int.Parse(File.ReadAllText(sandbox["pid"]));
        Assert.Equal("sleep\0" + "1000\0", File.ReadAllText($"/proc/{pid}/cmdline"));
        Linux.Kernel.Kill(pid, 9);
        running.WaitForEnd().ExpectExit(137);
        Assert.False(File.Exists(sandbox["pid"]));
    }

    [Theory]
    [InlineData("--pidfile")]
    [InlineData("--trace")]
    public void A_device_that_is_named_as_a_file_is_written_to_and_stays(string option)
    {
        // One of the test's own: as root the machine's would be gone.
        Program.Run("mknod", [sandbox["null"], "c", "1", "3"]).ExpectSuccess();
        NativeBinary.Run("run", $"{option}={sandbox["null"]}", root, "true").ExpectSuccess();
        Assert.Equal("character special file", Program.Run("stat", ["-c", "%F", sandbox["null"]]).ExpectSuccess().Output.Trim());
    }

    [Fact]
    public void A_pid_file_that_cannot_be_written_ends_the_container()
    {
        using var leaks = new LeakCheck();
        RunResult result = NativeBinary.Run("run", "--pidfile", "/no/such/directory/pid", root, "sleep", "1000").ExpectExit(125);
        Assert.Contains("Write the pid file", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_name_may_have_64_bytes()
    {
        string name = new('h', 64);
        Assert.Equal(name, NativeBinary.Run("run", "--hostname", name, root, "hostname").ExpectSuccess().Output.Trim());
    }

    [Fact]
    public void Without_a_command_a_shell_reads_the_input() =>
        Assert.Equal("from the shell\n", NativeBinary.Run(["run", root], "echo from the shell\n").ExpectSuccess().Output);

    [Fact]
    public void Options_behind_the_root_belong_to_the_command() =>
        Assert.Equal("--rm -v --\n", NativeBinary.Run("run", root, "echo", "--rm", "-v", "--").ExpectSuccess().Output);
}
