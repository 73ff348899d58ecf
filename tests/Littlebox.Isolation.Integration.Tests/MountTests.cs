using System.Text.Json.Nodes;
using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary><c>mounts</c> of config.json, seen from inside the container; where it can be, beside what runc makes of the same document.</summary>
public sealed class MountTests : IDisposable
{
    private readonly Bundle bundle = new();
    private readonly string source;

    public MountTests()
    {
        source = bundle.MakeDirectory("host");
        bundle.Write("host/file", "of the host\n");
        bundle.MakeDirectory("host/inner");
    }

    public void Dispose() => bundle.Dispose();

    public static TheoryData<string, string?, string, string[]> Options => new()
    {
        { "tmpfs", "tmpfs", "tmpfs", ["nosuid", "nodev", "noexec", "mode=1777", "size=1m"] },
        { "tmpfs", "tmpfs", "tmpfs", ["noatime", "nodiratime", "mode=700"] },
        { "tmpfs", "tmpfs", "tmpfs", ["strictatime", "mode=700"] },
        { "tmpfs", "tmpfs", "tmpfs", ["noatime", "relatime", "atime", "mode=700", "suid", "dev", "exec", "rw", "diratime"] },
        { "tmpfs", "tmpfs", "tmpfs", ["ro", "mode=755", "norelatime", "nostrictatime"] },
        { "tmpfs", "tmpfs", "tmpfs", ["sync", "dirsync", "lazytime", "silent", "mode=755"] },
        { "tmpfs", "tmpfs", "tmpfs", ["sync", "async", "lazytime", "nolazytime", "loud", "noiversion", "nomand", "mode=755"] },
        { "tmpfs", "tmpfs", "tmpfs", ["mode=755", "uid=7", "gid=8", "nr_inodes=100"] },
        { "shared tmpfs", "tmpfs", "tmpfs", ["mode=755", "shared"] },
        { "unbindable tmpfs", "tmpfs", "tmpfs", ["mode=755", "unbindable"] },
        { "proc", "proc", "proc", ["nosuid", "nodev", "noexec", "hidepid=2"] },
        { "read-only proc", "proc", "proc", ["ro"] },
        { "bind", null, "HOST", ["bind"] },
        { "bind", "none", "HOST", ["rbind", "nosuid", "nodev", "noexec", "ro"] },
        { "bind", "bind", "HOST", ["rbind", "noatime"] },
        { "bind", "bind", "HOST", ["rbind", "ro", "rw"] },
        { "private bind", "bind", "HOST", ["rbind", "rprivate"] },
        { "slave bind", "bind", "HOST", ["rbind", "rslave"] },
        { "private, then shared bind", "bind", "HOST", ["rbind", "rprivate", "rshared"] },
        { "slave", "bind", "HOST", ["bind", "slave"] },
        { "unbindable with all below", "bind", "HOST", ["rbind", "runbindable"] },
        { "counted writes", "tmpfs", "tmpfs", ["iversion", "mode=755"] },
        { "unbindable bind", "bind", "HOST", ["bind", "private", "unbindable"] },
        { "recursive attributes", "bind", "HOST", ["rbind", "rprivate", "rro", "rnosuid", "rnodev", "rnoexec", "rnoatime", "rnodiratime"] },
        { "strict times", "bind", "HOST", ["rbind", "rprivate", "rstrictatime"] },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void A_mount_is_what_runc_makes_of_the_same_options(string what, string? type, string from, string[] options)
    {
        Assert.NotEmpty(what);
        bundle.Mount("/there", type, from == "HOST" ? source : from, options).Script("cat /proc/self/mountinfo");
        Assert.Equal(At("/there", bundle.RunWith(Runtimes.Runc)), At("/there", bundle.Run()));
    }

    [Fact]
    public void All_mounts_of_an_ordinary_container_are_what_runc_makes_of_them()
    {
        bundle.Set("maskedPaths").Script("cat /proc/self/mountinfo");
        Assert.Equal(Comparable(bundle.RunWith(Runtimes.Runc)), Comparable(bundle.Run().ExpectSuccess()));
    }

    [Fact]
    public void What_a_later_option_takes_back_is_not_set()
    {
        bundle.Mount("/there", "bind", source, "rbind", "rprivate", "rro", "rrw", "rnosuid", "rsuid", "rnodev", "rdev", "rnoexec", "rexec", "rnoatime", "ratime", "defaults").Script("cat /proc/self/mountinfo");
        Assert.Equal("relatime,rw", At("/there", bundle.Run()).Options);
    }

    [Fact]
    public void All_mounts_of_a_container_with_a_user_namespace_are_what_runc_makes_of_them()
    {
        bundle.UserNamespace().Set("maskedPaths").Script("cat /proc/self/mountinfo");
        Assert.Equal(Comparable(bundle.RunWith(Runtimes.Runc)), Comparable(bundle.Run().ExpectSuccess()));
    }

    [Fact]
    public void A_recursive_attribute_reaches_the_mounts_below_and_a_plain_one_does_not()
    {
        InNamespace($"mount -t tmpfs inner {source}/inner; exec \"$@\"", bundle.Mount("/plain", "bind", source, "rbind", "ro", "rprivate").Mount("/all", "bind", source, "rbind", "rro", "rprivate"),
            "for file in /plain/made /plain/inner/made /all/made /all/inner/made; do (: > $file) 2>/dev/null && echo $file; done; true", out string[] lines);
        Assert.Equal(["/plain/inner/made"], lines);
    }

    [Fact]
    public void A_file_is_bound_on_a_file_that_is_made_for_it_one_directory_at_a_time()
    {
        bundle.Mount("/new/deep/file", "bind", source + "/file", "bind", "ro").Script("cat /new/deep/file; ls -ld /new/deep | cut -c1-10; (: > /new/deep/file) 2>/dev/null || echo protected");
        Assert.Equal(["of the host", "drwxr-xr-x", "protected"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void A_relative_destination_begins_at_the_root_and_a_relative_source_at_the_bundle()
    {
        bundle.MakeDirectory("bundle/beside");
        File.WriteAllText(bundle.Path + "/beside/file", "beside\n");
        RunResult result = bundle.Mount("relative/place", "bind", "beside", "bind").Script("cat /relative/place/file").Run().ExpectExit(0);
        Assert.Equal(["beside"], result.Lines);
    }

    [Fact]
    public void A_later_mount_lies_on_an_earlier_one_and_in_an_earlier_one()
    {
        bundle.Mount("/a", "tmpfs", "first", "mode=755").Mount("/a/b", "bind", source, "bind").Mount("/a/b/inner", "tmpfs", "third", "mode=755").Mount("/a/b", "tmpfs", "last", "mode=755")
            .Script("grep ' /a' /proc/self/mountinfo | cut -d' ' -f5,10- | cut -d' ' -f1; ls -A /a/b | wc -l");
        Assert.Equal(["/a", "/a/b", "/a/b", "/a/b/inner", "0"], bundle.Run().ExpectSuccess().Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_link_in_the_root_is_followed_as_the_container_would_follow_it()
    {
        Directory.CreateDirectory(bundle.InRoot("real/place"));
        File.CreateSymbolicLink(bundle.InRoot("link"), "/real/place");
        bundle.Mount("/link", "bind", source, "bind").Script("cat /real/place/file");
        Assert.Equal(["of the host"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void Tmpcopyup_copies_what_the_root_holds_with_owners_and_modes_and_the_root_stays_as_it_is()
    {
        Directory.CreateDirectory(bundle.InRoot("data/deep"));
        File.WriteAllText(bundle.InRoot("data/deep/file"), "copied");
        File.CreateSymbolicLink(bundle.InRoot("data/link"), "/etc/passwd");
        Program.Bash($"cd '{bundle.InRoot("data")}'; chown 7:8 deep/file; chmod 4757 deep/file; chmod 2770 deep; mkfifo -m 622 fifo; mknod -m 600 node c 1 5; touch -d @1000000000 deep/file; chmod 1777 .").ExpectSuccess();
        bundle.Mount("/data", "tmpfs", "tmpfs", "tmpcopyup", "size=1m")
            .Script("cd /data; stat -c '%n %A %u:%g' . deep deep/file fifo node; stat -c %Y deep/file; readlink link; cat deep/file; echo; echo new > deep/file; rm link");
        Assert.Equal(
            [". drwxrwxrwt 0:0", "deep drwxrws--- 0:0", "deep/file -rwsr-xrwx 7:8", "fifo prw--w--w- 0:0", "node crw------- 0:0", "1000000000", "/etc/passwd", "copied"],
            bundle.Run().ExpectSuccess().Lines);
        Assert.Equal("copied", File.ReadAllText(bundle.InRoot("data/deep/file")));
    }

    [Theory]
    [InlineData(null, "drwxr-x---")]
    [InlineData("mode=711", "drwx--x--x")]
    public void A_tmpfs_has_the_mode_of_the_directory_it_covers_unless_the_options_say_another(string? option, string mode)
    {
        Directory.CreateDirectory(bundle.InRoot("covered"), (UnixFileMode)0b111_101_000);
        bundle.Mount("/covered", "tmpfs", "tmpfs", option is null ? [] : [option]).Mount("/missing", "tmpfs", "tmpfs").Script("stat -c %A /covered /missing");
        Assert.Equal([mode, "drwxrwxrwt"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void A_read_only_tmpfs_takes_the_mounts_that_come_after_it_and_is_read_only_in_the_end()
    {
        bundle.Mount("/ro", "tmpfs", "tmpfs", "ro").Mount("/ro/inner", "tmpfs", "tmpfs").Script("(: > /ro/file) 2>/dev/null || echo protected; echo x > /ro/inner/file && cat /ro/inner/file");
        Assert.Equal(["protected", "x"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void A_read_only_dev_has_its_devices()
    {
        bundle.Config["mounts"]![1]!["options"] = new JsonArray("nosuid", "mode=755", "ro");
        bundle.Script("echo x > /dev/null; ls /dev/zero; (: > /dev/file) 2>/dev/null || echo protected");
        Assert.Equal(["/dev/zero", "protected"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void Remount_changes_what_is_mounted()
    {
        bundle.Mount("/there", "tmpfs", "tmpfs", "size=1m", "mode=755").Mount("/there", "tmpfs", "tmpfs", "remount", "size=2m", "noexec").Mount("/dev/shm", "bind", null, "remount", "bind", "ro")
            .Script("grep -E ' /there | /dev/shm ' /proc/self/mountinfo");
        IReadOnlyList<MountInfo> mounts = MountInfo.Parse(bundle.Run().ExpectSuccess().Lines);
        Assert.Equal([("/dev/shm", "nodev,noexec,nosuid,relatime,ro"), ("/there", "noexec,relatime,rw")], mounts.Select(static mount => (mount.Place, mount.Options)));
        Assert.Contains("size=2048k", mounts[1].SuperOptions, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_idmapped_mount_shows_other_owners(bool ofTheContainer)
    {
        Program.Bash($"chown 3:4 '{source}/file'").ExpectSuccess();
        Directory.CreateDirectory(bundle.InRoot("mapped"));
        if (ofTheContainer) bundle.UserNamespace();
        bundle.Mount("/mapped", "bind", source, "rbind", "ridmap");
        if (!ofTheContainer)
        {
            JsonNode mount = bundle.Config["mounts"]!.AsArray()[^1]!;
            mount["uidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 5000, "size": 100 }]""");
            mount["gidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 6000, "size": 100 }]""");
        }
        bundle.Script("stat -c %u:%g /mapped/file; grep -c idmapped /proc/self/mountinfo");
        Assert.Equal([ofTheContainer ? "3:4" : "5003:6004", "1"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void In_a_user_namespace_a_read_only_bind_keeps_what_is_locked_and_no_option_takes_it_away()
    {
        Directory.CreateDirectory(bundle.InRoot("there"));
        string script = $"mount -t tmpfs -o nosuid,nodev,noexec locked {source}/inner; exec \"$@\"";
        InNamespace(script, bundle.UserNamespace().Mount("/there", "bind", source + "/inner", "rbind", "ro"), "grep ' /there ' /proc/self/mountinfo | cut -d' ' -f6", out string[] lines);
        Assert.Equal(["ro,nosuid,nodev,noexec,relatime"], lines);
    }

    [Fact]
    public void A_directory_of_another_user_is_bound_for_a_container_that_may_not_look_there()
    {
        Program.Bash($"chmod 700 '{source}'; chown 4711 '{source}'; chmod 755 '{source}/inner'; echo inner > '{source}/inner/file'").ExpectSuccess();
        Directory.CreateDirectory(bundle.InRoot("there"));
        bundle.UserNamespace().Mount("/there", "bind", source + "/inner", "rbind").Script("cat /there/file");
        Assert.Equal(["inner"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void A_group_that_the_user_namespace_does_not_have_owns_no_terminals()
    {
        bundle.UserNamespace(count: 1).Script("grep -c 'devpts devpts rw,mode=620' /proc/self/mountinfo");
        Assert.Equal(["1"], bundle.Run().ExpectSuccess().Lines);
    }

    [Fact]
    public void The_host_s_sys_comes_read_only_where_a_user_namespace_has_no_network_of_its_own()
    {
        bundle.UserNamespace().WithoutNamespace("network").Script("grep ' /sys' /proc/self/mountinfo | cut -d' ' -f6 | grep -vc '^ro,'; test -d /sys/class/net/lo && echo lo");
        Assert.Equal(["0", "lo"], bundle.Run().Lines);
    }

    [Fact]
    public void A_whole_dev_can_be_bound_and_is_left_as_it_is()
    {
        string before = Program.Bash("ls -l /dev").Output;
        bundle.WithoutMount("/dev").WithoutMount("/dev/pts").WithoutMount("/dev/shm").WithoutMount("/dev/mqueue").Mount("/dev", "bind", "/dev", "rbind", "rprivate").Script("ls -l /dev/zero | cut -c1");
        Assert.Equal(["c"], bundle.Run().ExpectSuccess().Lines);
        Assert.Equal(before, Program.Bash("ls -l /dev").Output);
    }

    [Theory]
    [InlineData("/there", "tmpfs", "tmpfs", "bogus=1", "/mounts/6", "bogus")]
    [InlineData("/there", "nosuchfs", "x", "ro", "/mounts/6", "nosuchfs")]
    [InlineData("/there", "bind", "HOST", "rbind size=1m", "/mounts/6/options", "size=1m")]
    [InlineData("/there", "bind", "HOST", "tmpcopyup bind", "/mounts/6/options", "tmpcopyup")]
    [InlineData("/there", "bind", "/nowhere/at/all", "rbind", "/mounts/6/source", "/nowhere/at/all")]
    [InlineData("/there", "bind", null, "rbind", "/mounts/6/source", "nothing")]
    [InlineData("/there", null, "x", "ro", "/mounts/6/type", "nothing")]
    [InlineData("/", "tmpfs", "tmpfs", "ro", "/mounts/6/destination", "root")]
    [InlineData("/a/../..", "tmpfs", "tmpfs", "ro", "/mounts/6/destination", "root")]
    [InlineData("", "tmpfs", "tmpfs", "ro", "/mounts/6/destination", "empty")]
    [InlineData("/proc/sys/kernel", "tmpfs", "tmpfs", "ro", "/mounts/6/destination", "/proc")]
    [InlineData("/proc", "tmpfs", "tmpfs", "ro", "/mounts/6/type", "proc")]
    [InlineData("/there", "bind", "HOST", "rbind idmap", "/mounts/6/options/1", "without mappings")]
    [InlineData("/there", "tmpfs", "tmpfs", "idmap", "/mounts/6", "mapped ids")]
    public void What_cannot_be_mounted_is_refused_with_its_place_and_nothing_is_left(string destination, string? type, string? from, string options, string pointer, string word)
    {
        using var leaks = new LeakCheck(bundle.State);
        bundle.Mount(destination, type, from == "HOST" ? source : from, options.Split(' '));
        RunResult result = bundle.Run().ExpectExit(1);
        Assert.Contains(pointer, result.Errors, StringComparison.Ordinal);
        Assert.Contains(word, result.Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Theory]
    [InlineData("rprivate", "master", false)]
    [InlineData("rslave", "master", true)]
    public void A_bind_mount_learns_of_new_mounts_of_the_host_as_its_propagation_says(string option, string word, bool learns)
    {
        Assert.NotEmpty(word);
        bundle.Mount("/there", "bind", source, "rbind", option).Script("echo ready; read go; ls /there/inner");
        using RunningProgram shell = Program.Start("unshare", ["--mount", "--propagation", "private", "bash", "-euc",
            "mount --bind \"$1\" \"$1\"; mount --make-shared \"$1\"; mkfifo \"$4/in\"; \"$2\" --root \"$3\" run --bundle \"$4\" learns < \"$4/in\" > \"$4/out\" & exec 9> \"$4/in\"; while ! grep -q ready \"$4/out\" 2>/dev/null; do sleep 0.05; done; mount -t tmpfs new \"$1/inner\"; : > \"$1/inner/seen\"; echo go >&9; wait; cat \"$4/out\"",
            "bash", source, Runtimes.Tested, bundle.State, Saved()]);
        Assert.Equal(learns ? ["ready", "seen"] : ["ready"], shell.WaitForEnd(null).ExpectSuccess().Lines);
    }

    // How nodes are bound is the runtime's own affair; and versions of runc differ in whether the root listens to the host.
    private static IEnumerable<MountInfo> Comparable(RunResult result) =>
        MountInfo.Parse(result.Lines).Where(static mount => mount.Type != "devtmpfs").Select(static mount => mount.Place == "/" ? mount with { Propagation = "" } : mount);

    private string Saved()
    {
        bundle.Save();
        return bundle.Path;
    }

    private void InNamespace(string prepare, Bundle prepared, string script, out string[] lines)
    {
        prepared.Script(script).Save();
        lines = Program.Run("unshare", ["--mount", "--propagation", "private", "bash", "-euc", prepare, "bash", Runtimes.Tested, "--root", prepared.State, "run", "--bundle", prepared.Path, "in-namespace"]).ExpectSuccess().Lines;
    }

    private static MountInfo At(string place, RunResult result) =>
        MountInfo.Parse(result.Lines).SingleOrDefault(mount => mount.Place == place) ?? throw new InvalidOperationException($"nothing is mounted at {place}\n{result}");
}
