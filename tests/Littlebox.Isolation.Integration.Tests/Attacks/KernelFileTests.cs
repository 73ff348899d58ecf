using System.Text.Json.Nodes;
using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary>What the runtime writes to files of the kernel, and what a container may: procfs, terminals, cgroups, sockets, and the files that say who somebody is.</summary>
public sealed class KernelFileTests : IDisposable
{
    private readonly Bundle bundle = new();
    private readonly HostWitness witness;

    public KernelFileTests() => witness = new HostWitness(bundle);

    public void Dispose() => bundle.Dispose();

    // CVE-2025-52881: the write of a sysctl went to whatever lay at its path in the container.
    [Fact]
    public void A_sysctl_is_not_written_to_what_the_document_mounts_at_its_path()
    {
        string trap = bundle.MakeDirectory("trap");
        File.WriteAllText(trap + "/domainname", "as before\n");
        bundle.Mount("/proc/sys/kernel", "bind", trap, "rbind");
        bundle.Linux["sysctl"] = new JsonObject { ["kernel.domainname"] = "inside.example" };
        RunResult result = bundle.Script("true").Run();
        witness.Check();
        Assert.Equal("as before\n", File.ReadAllText(trap + "/domainname"));
        // Refused, or written where it belongs.
        if (result.ExitCode != 0) Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public void A_sysctl_and_an_out_of_memory_score_go_to_the_kernel_while_directories_of_the_image_are_exchanged()
    {
        string shared = bundle.MakeDirectory("shared");
        Directory.CreateDirectory(shared + "/sys");
        Directory.CreateDirectory(bundle.InRoot("volume/a"));
        File.CreateSymbolicLink(bundle.InRoot("volume/b"), "/proc/sys/kernel");
        bundle.Linux["sysctl"] = new JsonObject { ["kernel.domainname"] = "inside.example" };
        bundle.Config["process"]!["oomScoreAdj"] = 777;
        bundle.Mount("/volume/a", "bind", shared, "rbind");
        bundle.Script("cat /proc/sys/kernel/domainname /proc/self/oom_score_adj");
        using (new Exchanger(bundle.InRoot("volume/a"), bundle.InRoot("volume/b")))
        {
            for (int i = 0; i < 10; i++)
            {
                RunResult result = bundle.Run();
                witness.Check();
                if (result.ExitCode == 0) Assert.Equal(["inside.example", "777"], result.Lines);
                else Assert.NotEmpty(result.Errors);
                Assert.Empty(Directory.EnumerateFileSystemEntries(shared + "/sys"));
            }
        }
    }

    // CVE-2025-52565: what was bound on /dev/console was looked up by a path once more.
    [Theory]
    [InlineData("file")]
    [InlineData("link")]
    [InlineData("pts")]
    public void The_console_is_the_terminal_itself_whatever_the_image_has_there(string trap)
    {
        if (!File.Exists("/usr/bin/script")) Assert.Skip("script is not installed: apt-get install bsdutils");
        bundle.WithoutMount("/dev").WithoutMount("/dev/shm").WithoutMount("/dev/mqueue");
        if (trap == "pts") bundle.WithoutMount("/dev/pts");
        Directory.CreateDirectory(bundle.InRoot("dev/pts"));
        if (trap == "file") File.WriteAllText(bundle.InRoot("dev/console"), "of the image\n");
        else if (trap == "link") File.CreateSymbolicLink(bundle.InRoot("dev/console"), "/proc/sysrq-trigger");
        else File.CreateSymbolicLink(bundle.InRoot("dev/pts/0"), "/proc/sys/kernel/core_pattern");
        bundle.Config["process"]!["terminal"] = true;
        bundle.Script("test -c /dev/console && stat -c '%t' /dev/console && echo typed > /dev/console").Save();
        RunResult result = Program.Run("script", ["--quiet", "--return", "--command", $"'{Runtimes.Tested}' --root '{bundle.State}' run --bundle '{bundle.Path}' console", "/dev/null"]);
        Program.Run(Runtimes.Tested, ["--root", bundle.State, "delete", "--force", "console"]);
        witness.Check();
        if (trap == "file") Assert.Equal("of the image\n", File.ReadAllText(bundle.InRoot("dev/console")));
        // 88 is 136, the first number of the slaves of /dev/pts.
        if (result.ExitCode == 0) Assert.Contains("88", result.Output, StringComparison.Ordinal);
        else Assert.NotEqual("", result.Output + result.Errors);
    }

    // CVE-2022-0492, CVE-2023-25809: a process of the container wrote a program's name that the host then executed, or limits of its neighbours.
    [Theory]
    [InlineData("cgroup")]
    [InlineData("bind")]
    public void Control_groups_of_the_host_cannot_be_written_to_from_inside(string sort)
    {
        if (sort == "cgroup") bundle.Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
        else bundle.Mount("/sys/fs/cgroup", "bind", "/sys/fs/cgroup", "rbind", "rro");
        // Opened for writing only: nothing of the host is changed, should this succeed.
        bundle.Script("""
            for d in /sys/fs/cgroup /sys/fs/cgroup/*; do
                [ -d "$d" ] || continue
                mkdir "$d/escaped" 2>/dev/null && echo "made $d/escaped"
                for f in release_agent notify_on_release cgroup.procs tasks cgroup.subtree_control memory.limit_in_bytes devices.allow; do
                    [ -e "$d/$f" ] && (: >> "$d/$f") 2>/dev/null && echo "may write $d/$f"
                done
            done
            mount -o remount,rw /sys/fs/cgroup 2>/dev/null && echo remounted
            mkdir -p /tmp/own && mount -t cgroup -o rdma cgroup /tmp/own 2>/dev/null && echo mounted
            echo tried
            """);
        RunResult result = bundle.Run();
        string[] escaped = [.. Directory.EnumerateDirectories("/sys/fs/cgroup").Select(static hierarchy => hierarchy + "/escaped").Where(Directory.Exists)];
        foreach (string directory in escaped) Directory.Delete(directory);
        Assert.Equal([], escaped);
        if (result.ExitCode == 0 || Runtimes.IsOurs) Assert.Equal(["tried"], result.ExpectExit(0).Lines);
    }

    // CVE-2026-30892 and its family: what could not be read was root.
    [Theory]
    [InlineData("1000:")]
    [InlineData(":5")]
    [InlineData("-1")]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("0x0")]
    [InlineData("1000:4294967296")]
    [InlineData(" 0")]
    [InlineData("")]
    public void A_user_that_cannot_be_read_is_an_error_and_not_root(string user)
    {
        bundle.Script("sleep 1000").Save();
        bundle.Call("run", "--detach", "--bundle", bundle.Path, "users").ExpectExit(0);
        try
        {
            RunResult result = bundle.Call("exec", "--user", user, "users", "id", "-u");
            if (!Runtimes.IsOurs) return;
            // No user at all is the container's own.
            if (user.Length == 0) Assert.Equal(["0"], result.ExpectExit(0).Lines);
            else
            {
                Assert.NotEqual(0, result.ExitCode);
                Assert.Equal("", result.Output);
            }
        }
        finally
        {
            bundle.Call("delete", "--force", "users");
        }
    }

    // GO-2026-5475: whoever read the image's users read without end.
    [Theory]
    [InlineData("fifo")]
    [InlineData("endless")]
    [InlineData("huge")]
    [InlineData("line")]
    [InlineData("outside")]
    public void A_file_of_users_that_is_no_honest_file_holds_nobody_up(string sort)
    {
        foreach (string name in (string[])["etc/passwd", "etc/group"])
        {
            string path = bundle.InRoot(name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            if (sort == "fifo") Program.Bash($"mkfifo '{path}'").ExpectSuccess();
            else if (sort == "endless") Program.Bash($"mknod '{path}' c 1 5").ExpectSuccess();
            else if (sort == "outside") File.CreateSymbolicLink(path, witness.Path + "/file");
            else if (sort == "huge") Program.Bash($"truncate -s 8G '{path}'").ExpectSuccess();
            else File.WriteAllText(path, new string('x', 4 << 20) + ":x:0:0::/nowhere:/bin/sh\n");
        }
        bundle.Script("echo home=$HOME");
        RunResult result = bundle.Run();
        witness.Check();
        if (result.ExitCode == 0) Assert.StartsWith("home=/", result.Output, StringComparison.Ordinal);
        else Assert.NotEmpty(result.Errors);
    }

    // CVE-2021-41089 and the like: whoever may write where containers are kept decides what is deleted and joined.
    [Theory]
    [InlineData("0777", "0:0")]
    [InlineData("0770", "0:0")]
    [InlineData("0700", "4711:4711")]
    public void A_place_for_containers_that_others_may_write_to_is_refused(string mode, string owner)
    {
        if (!Runtimes.IsOurs) Assert.Skip("other runtimes do not look at it");
        bundle.Script("true").Save();
        Program.Bash($"mkdir '{bundle.State}' && chmod {mode} '{bundle.State}' && chown {owner} '{bundle.State}'").ExpectSuccess();
        RunResult result = bundle.Call("run", "--bundle", bundle.Path, "open");
        Assert.Contains(bundle.State, result.ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bundle.State));
    }

    [Fact]
    public void What_a_container_is_kept_in_is_closed_to_others()
    {
        if (!Runtimes.IsOurs) Assert.Skip("other runtimes have other modes");
        bundle.Script("true").Save();
        bundle.Call("create", "--bundle", bundle.Path, "closed").ExpectExit(0);
        try
        {
            Assert.Equal([], Program.Bash($"find '{bundle.State}' -type d -perm /077").ExpectSuccess().Lines);
        }
        finally
        {
            bundle.Call("delete", "--force", "closed");
        }
    }

    // CVE-2020-15257: a container in the host's network could reach it.
    [Fact]
    public void A_container_that_waits_for_its_start_listens_on_no_abstract_socket()
    {
        bundle.WithoutNamespace("network").WithoutMount("/sys").Script("true").Save();
        string[] before = Abstract();
        bundle.Call("create", "--bundle", bundle.Path, "listens").ExpectExit(0);
        try
        {
            Assert.Equal([], Abstract().Except(before).Where(static name => name.Contains("littlebox", StringComparison.Ordinal) || name.Contains("listens", StringComparison.Ordinal)));
        }
        finally
        {
            bundle.Call("delete", "--force", "listens");
        }

        static string[] Abstract() => [.. File.ReadLines("/proc/net/unix").Select(static line => line.Split(' ')[^1]).Where(static name => name.StartsWith('@'))];
    }
}
