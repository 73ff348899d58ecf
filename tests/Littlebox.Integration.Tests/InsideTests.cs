using System.Globalization;

namespace Littlebox.Integration.Tests;

/// <summary>What a container shows of itself when nothing special was asked for, by the kernel's own word from inside.</summary>
public sealed class InsideTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly Dictionary<string, string[]> seen;

    public InsideTests() =>
        seen = Probe.Read(NativeBinary.Run("run", "--name", "inside", "-e", "GIVEN=it", sandbox.MakeRoot(), "sh", "-c", Probe.Script).ExpectSuccess().Output);

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void The_mount_table_is_exactly_the_container_s_own()
    {
        string[] masked = ["/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/proc/interrupts", "/sys/firmware", "/sys/devices/virtual/powercap"];
        string[] readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
        string[] expected =
        [
            "/", "/dev", "/dev/mqueue", "/dev/pts", "/dev/shm", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/proc", "/sys",
            .. masked.Concat(readOnly).Where(static path => File.Exists(path) || Directory.Exists(path)),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Probe.MountPoints(seen["mounts"]).Order(StringComparer.Ordinal));
        // No mount is connected with the host: no shared:N, no master:N.
        Assert.DoesNotContain(seen["mounts"], static line => line.Contains("shared:", StringComparison.Ordinal) || line.Contains("master:", StringComparison.Ordinal));
        // Nor does the container's own directory show anywhere but in the files that lie there.
        Assert.DoesNotContain(seen["mounts"], static line => line.Contains("littlebox/containers", StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_is_process_1_and_nobody_else_is_there()
    {
        Assert.Equal(["1 sh"], seen["processes"]);
        Assert.Equal(["group 1 session 1 terminal 0"], seen["session"]);
    }

    [Fact]
    public void The_command_gets_three_descriptors_and_no_signal_is_blocked_or_ignored()
    {
        // The shell itself opens the directory to list it.
        Assert.Equal(["0", "1", "2"], seen["descriptors"].Take(3));
        Assert.True(seen["descriptors"].Length <= 4, string.Join(' ', seen["descriptors"]));
        Assert.Contains("SigBlk:\t0000000000000000", seen["status"]);
        Assert.Contains("SigIgn:\t0000000000000000", seen["status"]);
        Assert.Equal(["0022"], seen["mask"]);
        Assert.Equal(["/"], seen["directory"]);
    }

    [Fact]
    public void The_capabilities_are_docker_s_and_none_is_inherited()
    {
        foreach (string set in new[] { "Prm", "Eff", "Bnd" }) Assert.Contains($"Cap{set}:\t00000000a80425fb", seen["status"]);
        foreach (string set in new[] { "Inh", "Amb" }) Assert.Contains($"Cap{set}:\t0000000000000000", seen["status"]);
    }

    [Fact]
    public void The_environment_is_a_small_fixed_one_and_what_was_given() =>
        Assert.Equal(["GIVEN=it", "HOME=/root", "HOSTNAME=inside", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PWD=/", "SHLVL=1", "container=littlebox"], seen["environment"]);

    [Fact]
    public void The_host_name_is_the_container_s_in_the_kernel_and_in_its_files()
    {
        Assert.Equal(["inside"], seen["hostname"]);
        Assert.Equal(
            ["hostname:", "inside", "hosts:", "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", "127.0.1.1\tinside", "resolv.conf:", "# no network but the loopback"],
            seen["files"]);
    }

    [Fact]
    public void Dev_holds_six_devices_with_their_numbers_and_links()
    {
        string[] expected =
        [
            "crw-rw-rw- 1 0 0 1, 3 null", "crw-rw-rw- 1 0 0 1, 5 zero", "crw-rw-rw- 1 0 0 1, 7 full", "crw-rw-rw- 1 0 0 1, 8 random", "crw-rw-rw- 1 0 0 1, 9 urandom", "crw-rw-rw- 1 0 0 5, 0 tty",
            "lrwxrwxrwx 1 0 0 13 fd -> /proc/self/fd", "lrwxrwxrwx 1 0 0 15 stdin -> /proc/self/fd/0", "lrwxrwxrwx 1 0 0 15 stdout -> /proc/self/fd/1", "lrwxrwxrwx 1 0 0 15 stderr -> /proc/self/fd/2",
            "lrwxrwxrwx 1 0 0 8 ptmx -> pts/ptmx", "drwxr-xr-x 2 0 0 0 pts", "drwxrwxrwt 2 0 0 40 shm", "drwxrwxrwt 2 0 0 40 mqueue",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), seen["dev"].Select(Words).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_loopback_is_the_only_link_and_it_is_up()
    {
        Assert.Equal(["lo: <LOOPBACK,UP,LOWER_UP>"], seen["links"]);
        NativeBinary.Run("run", sandbox["root"], "ping", "-c", "1", "127.0.0.1").ExpectSuccess();
        Assert.Equal("heard\n", NativeBinary.Run("run", sandbox["root"], "sh", "-c", "echo heard > /tmp/said; nc -l -p 7777 > /tmp/heard & for i in 1 2 3 4 5 6 7 8 9; do nc 127.0.0.1 7777 < /tmp/said && break; sleep 0.1; done 2>/dev/null; wait; cat /tmp/heard").ExpectSuccess().Output);
    }

    [Fact]
    public void What_tells_about_the_whole_machine_is_masked()
    {
        foreach (string line in seen["masked"])
        {
            string[] words = line.Split(' ');
            if (!File.Exists(words[0]) && !Directory.Exists(words[0])) continue;
            // Nothing can be read of it; a directory has no entries.
            Assert.Equal("0", words[1]);
            Assert.Equal(words[0] == "/sys/firmware" ? "0" : "1", words[2]);
        }
    }

    [Theory]
    [InlineData("/proc/sys/kernel/core_pattern")]
    [InlineData("/proc/sys/kernel/hostname")]
    [InlineData("/proc/sysrq-trigger")]
    [InlineData("/proc/irq/default_smp_affinity")]
    [InlineData("/sys/kernel/uevent_helper")]
    [InlineData("/proc/keys")]
    public void What_changes_the_whole_machine_cannot_be_written(string path)
    {
        if (!File.Exists(path)) return;
        // Opened for writing only: nothing is written even where it were allowed.
        RunResult result = NativeBinary.Run("run", sandbox["root"], "sh", "-c", $": >> {path}");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Read-only file system", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_it_is_masked_with_privileged()
    {
        string[] points = Probe.MountPoints(Probe.Read(NativeBinary.Run("run", "--privileged", sandbox["root"], "sh", "-c", Probe.Script).ExpectSuccess().Output)["mounts"]);
        Assert.DoesNotContain(points, static point => point.StartsWith("/proc/", StringComparison.Ordinal) || point.StartsWith("/sys/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_node_that_the_container_makes_itself_leads_nowhere_on_its_own_mounts() =>
        Assert.NotEqual(0, NativeBinary.Run("run", "--tmpfs", "/mnt", sandbox["root"], "sh", "-c", "mknod /mnt/disk b 254 0 && head -c 1 /mnt/disk").ExitCode);

    [Fact]
    public void The_root_stays_without_the_files_that_littlebox_shows()
    {
        Assert.False(File.Exists(sandbox["root/etc/hosts"]));
        Assert.Empty(Directory.GetFileSystemEntries(sandbox["root/dev"]));
    }

    [Fact]
    public void Times_and_memory_of_the_kernel_are_not_shared_by_the_time_namespace_unless_asked_for() =>
        Assert.NotEqual(
            Linux.Kernel.TryReadLink("/proc/self/ns/time"),
            NativeBinary.Run("run", "--time=private", sandbox["root"], "readlink", "/proc/self/ns/time").ExpectSuccess().Output.Trim().ToString(CultureInfo.InvariantCulture));

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
