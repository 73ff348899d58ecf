using System.Text.Json.Nodes;
using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary>An image whose proc, sys, dev, null, working directory or volumes are not what they seem; nothing of it may reach the host.</summary>
public sealed class ImageTests : IDisposable
{
    private readonly Bundle bundle = new();
    private readonly HostWitness witness;

    public ImageTests() => witness = new HostWitness(bundle);

    public void Dispose() => bundle.Dispose();

    [Theory]
    [InlineData("proc", "link")]
    [InlineData("proc", "file")]
    [InlineData("sys", "link")]
    [InlineData("sys", "file")]
    [InlineData("dev", "link")]
    [InlineData("dev", "file")]
    public void A_place_of_the_kernel_s_that_is_no_directory_is_refused(string name, string sort)
    {
        using var leaks = new LeakCheck(bundle.State);
        Directory.Delete(bundle.InRoot(name), recursive: true);
        if (sort == "file") File.WriteAllText(bundle.InRoot(name), "");
        else File.CreateSymbolicLink(bundle.InRoot(name), "/etc");
        RunResult result = bundle.Script("true").Run();
        witness.Check();
        if (Runtimes.IsOurs) Assert.Contains("directory", result.ExpectExit(1).Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/self")]
    [InlineData("/proc/sys")]
    public void A_volume_does_not_come_to_lie_on_proc_by_a_link_of_the_image(string target)
    {
        File.CreateSymbolicLink(bundle.InRoot("data"), target);
        RunResult result = bundle.Mount("/data", "bind", witness.Path, "rbind").Script("true").Run();
        witness.Check();
        if (Runtimes.IsOurs) Assert.Contains("/mounts/6", result.ExpectExit(1).Errors, StringComparison.Ordinal);
        else Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public void A_volume_at_a_link_to_the_outside_lands_inside_the_root()
    {
        File.CreateSymbolicLink(bundle.InRoot("data"), string.Concat(Enumerable.Repeat("../", 12)) + "srv");
        bundle.Mount("/data", "tmpfs", "tmpfs", "mode=755").Script("grep -c ' /srv ' /proc/self/mountinfo; : > /data/inside");
        Assert.Equal(["1"], bundle.Run().ExpectExit(0).Lines);
        Assert.False(File.Exists("/srv/inside"));
        witness.Check();
    }

    [Fact]
    public void A_null_device_of_the_image_masks_nothing()
    {
        bundle.WithoutMount("/dev").WithoutMount("/dev/pts").WithoutMount("/dev/shm").WithoutMount("/dev/mqueue");
        File.CreateSymbolicLink(bundle.InRoot("dev/null"), "/proc/sys/kernel/core_pattern");
        RunResult result = bundle.Script("cat /proc/keys; ls -l /proc/keys").Run();
        witness.Check();
        // Another object than the null device at /dev/null is an error; where a runtime goes on, the mask must be the real one.
        if (Runtimes.IsOurs) Assert.Contains("/dev/null", result.ExpectExit(1).Errors, StringComparison.Ordinal);
        else if (result.ExitCode == 0) Assert.Contains("1,   3", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_the_image_with_another_number_is_not_taken_for_a_device()
    {
        bundle.WithoutMount("/dev").WithoutMount("/dev/pts").WithoutMount("/dev/shm").WithoutMount("/dev/mqueue");
        Program.Bash($"mknod -m 666 '{bundle.InRoot("dev/zero")}' c 1 8").ExpectSuccess();
        RunResult result = bundle.Script("true").Run();
        if (Runtimes.IsOurs) Assert.Contains("/dev/zero", result.ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/7")]
    [InlineData("/proc/self/fd/9")]
    [InlineData("/proc/self/cwd")]
    [InlineData("/escape")]
    public void A_working_directory_by_a_descriptor_of_the_runtime_is_refused_or_inside(string cwd)
    {
        File.CreateSymbolicLink(bundle.InRoot("escape"), "/proc/self/fd/8");
        bundle.Config["process"]!["cwd"] = cwd;
        RunResult result = bundle.Script("/bin/pwd; ls -A ../../../../../.. | grep -c vmlinuz || true; ls -d /bin/sh").Run();
        witness.Check();
        if (result.ExitCode == 0) Assert.Equal("0", result.Lines[^2]);
        else Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public void No_descriptor_of_the_runtime_is_left_to_the_program()
    {
        bundle.Mount("/there", "bind", witness.Path, "rbind").Mount("/copied", "tmpfs", "tmpfs", "tmpcopyup").Script("ls -l /proc/self/fd | grep -v ' -> /proc/' | sed 's/.* -> //' | grep -E '^/|anon|socket' | grep -v -E '^(/dev/null|pipe:)' || true");
        Assert.Equal([], bundle.Run().ExpectExit(0).Lines);
    }

    [Theory]
    [InlineData("run", "/proc/self/exe")]
    [InlineData("run", "/bin/script")]
    [InlineData("exec", "/proc/self/exe")]
    [InlineData("exec", "/bin/script")]
    public void The_runtime_is_not_executed_again_by_a_program_or_script_named_after_its_own_executable(string verb, string program)
    {
        // Also where the runtime is a file that root in the container may write to, on a mount that may be written.
        string copy = bundle["runtime"];
        File.Copy(Runtimes.Tested, copy);
        File.SetUnixFileMode(copy, (UnixFileMode)0b111_101_101);
        File.WriteAllText(bundle.InRoot("bin/script"), "#!/proc/self/exe --version\n");
        File.SetUnixFileMode(bundle.InRoot("bin/script"), (UnixFileMode)0b111_101_101);
        if (verb == "exec") bundle.Script("sleep 1000").Save();
        else
        {
            bundle.Config["process"]!["args"] = new JsonArray(program, "--version");
            bundle.Save();
        }
        using var leaks = new LeakCheck();
        try
        {
            RunResult result = Program.Run(copy, ["--root", bundle.State, "run", .. verb == "exec" ? ["--detach"] : Array.Empty<string>(), "--bundle", bundle.Path, "target"]);
            if (verb == "exec") result = Program.Run(copy, ["--root", bundle.State, "exec", "target", program, "--version"]);
            // Others may run a copy of theirs there that nobody can write to.
            if (!Runtimes.IsOurs) return;
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains("ENOEXEC", result.Errors, StringComparison.Ordinal);
            Assert.Equal("", result.Output);
        }
        finally
        {
            Program.Run(copy, ["--root", bundle.State, "delete", "--force", "target"]);
        }
    }

    [Fact]
    public void What_waits_for_start_has_nothing_of_the_runtime_s_file()
    {
        bundle.Script("true").Save();
        using var leaks = new LeakCheck();
        Program.Run(Runtimes.Tested, ["--root", bundle.State, "create", "--bundle", bundle.Path, "--pid-file", bundle["pid"], "waits"]).ExpectExit(0);
        try
        {
            string process = $"/proc/{File.ReadAllText(bundle["pid"])}";
            if (!Runtimes.IsOurs) return;
            Assert.Equal("/memfd:littlebox (deleted)", new FileInfo(process + "/exe").LinkTarget);
            Assert.Equal([], File.ReadLines(process + "/maps").Where(static line => line.Contains(Path.GetFileName(Runtimes.Tested), StringComparison.Ordinal)));
            // Root may do much, but not this: the file is sealed.
            Assert.NotEqual(0, Program.Bash($"echo x > {process}/exe").ExitCode);
        }
        finally
        {
            Program.Run(Runtimes.Tested, ["--root", bundle.State, "delete", "--force", "waits"]);
        }
    }

    [Theory]
    [InlineData("/proc/self/exe")]
    [InlineData("/bin/script")]
    public void The_runtime_s_own_executable_cannot_be_written_through_a_container(string program)
    {
        string copy = bundle["runtime"];
        File.Copy(Runtimes.Tested, copy);
        File.SetUnixFileMode(copy, (UnixFileMode)0b111_101_101);
        byte[] before = File.ReadAllBytes(copy);
        File.WriteAllText(bundle.InRoot("bin/script"), "#!/proc/self/exe\n");
        File.SetUnixFileMode(bundle.InRoot("bin/script"), (UnixFileMode)0b111_101_101);
        // What waits on /proc/PID/exe of whatever is being started, and writes to it once it may.
        bundle.Script("while :; do for p in /proc/[0-9]*; do [ \"$p\" = /proc/1 ] || { exec 9< $p/exe; } 2>/dev/null && { (echo overwritten >> /proc/self/fd/9) 2>/dev/null; exec 9<&-; }; done; done").Save();
        using var leaks = new LeakCheck();
        Program.Run(copy, ["--root", bundle.State, "run", "--detach", "--bundle", bundle.Path, "target"]).ExpectExit(0);
        try
        {
            for (int i = 0; i < 20; i++) Program.Run(copy, ["--root", bundle.State, "exec", "target", program, "--version"]);
        }
        finally
        {
            Program.Run(copy, ["--root", bundle.State, "delete", "--force", "target"]);
        }
        Assert.Equal(before, File.ReadAllBytes(copy));
    }

    [Fact]
    public void The_host_s_null_device_keeps_its_mode_and_owner_whatever_root_does_to_the_standard_streams()
    {
        // A node of the test's own stands for the host's.
        string node = bundle["null"];
        Program.Bash($"mknod -m 666 '{node}' c 1 3").ExpectSuccess();
        bundle.Script("for fd in 0 1 2; do chmod 600 /proc/self/fd/$fd; chown 7:7 /proc/self/fd/$fd; done 2>/dev/null; stat -c '%a %u:%g' /dev/null > /left").Save();
        Program.Bash($"'{Runtimes.Tested}' --root '{bundle.State}' run --bundle '{bundle.Path}' streams < '{node}' > '{node}' 2>&1").ExpectExit(0);
        Assert.Equal(["666 0:0"], Program.Bash($"stat -c '%a %u:%g' '{node}'").Lines);
        Assert.Equal("600 7:7\n", File.ReadAllText(bundle.InRoot("left")));
    }

    [Fact]
    public void What_a_container_mounts_never_shows_up_on_the_host_even_where_its_root_is_shared()
    {
        string before = Mounts();
        foreach (string capabilities in (string[])["bounding", "effective", "permitted"]) bundle.Config["process"]!["capabilities"]![capabilities]!.AsArray().Add("CAP_SYS_ADMIN");
        bundle.Linux["rootfsPropagation"] = "shared";
        bundle.Script($"mount -t tmpfs attack /srv && mount --bind /srv /tmp && grep -c attack /proc/self/mountinfo").Save();
        RunResult result = Program.Run("unshare", ["--mount", "--propagation", "shared", "bash", "-euc", "\"$@\"; grep -c attack /proc/self/mountinfo || true", "bash", Runtimes.Tested, "--root", bundle.State, "run", "--bundle", bundle.Path, "shared"]).ExpectExit(0);
        Assert.Equal(["2", "0"], result.Lines);
        Assert.Equal(before, Mounts());

        static string Mounts() => string.Join('\n', File.ReadAllLines("/proc/self/mountinfo").Where(static line => line.Contains("attack", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_is_inheritable_and_no_group_is_kept_unless_the_document_says_so()
    {
        bundle.Script("grep -E '^(CapInh|Groups)' /proc/self/status").Save();
        string[] lines = Program.Bash($"setpriv --groups 4,20,27 --inh-caps +net_raw,+sys_admin '{Runtimes.Tested}' --root '{bundle.State}' run --bundle '{bundle.Path}' inherits").ExpectExit(0).Lines;
        Assert.Equal(["CapInh:\t0000000000000000"], lines.Where(static line => line.StartsWith("CapInh", StringComparison.Ordinal)));
        Assert.Equal(["Groups:"], lines.Where(static line => line.StartsWith("Groups", StringComparison.Ordinal)).Select(static line => line.Trim()));
    }
}
