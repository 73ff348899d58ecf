namespace Littlebox.Integration.Tests;

/// <summary><c>-v</c>, <c>--mount</c>, <c>--tmpfs</c> and <c>--read-only</c>, looked at from inside and from the host.</summary>
public sealed class VolumeTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly string root;

    public VolumeTests()
    {
        root = sandbox.MakeRoot();
        sandbox.Write("data/file", "of the host\n");
    }

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("-v", "DATA:/data")]
    [InlineData("-v", "DATA:/data:rw,rprivate")]
    [InlineData("--mount", "type=bind,source=DATA,target=/data")]
    [InlineData("--mount", "type=bind,src=DATA,dst=/data")]
    public void A_directory_of_the_host_is_there_and_can_be_written(string option, string value)
    {
        Assert.Equal("of the host\n", Inside([option, Data(value)], "cat /data/file; echo more > /data/new"));
        Assert.Equal("more\n", File.ReadAllText(sandbox["data/new"]));
        // The place for it was made in the root, and has gone again.
        Assert.False(Directory.Exists(root + "/data"));
    }

    [Theory]
    [InlineData("-v", "DATA:/data:ro")]
    [InlineData("--mount", "type=bind,source=DATA,target=/data,readonly")]
    [InlineData("--mount", "type=bind,source=DATA,target=/data,ro")]
    public void A_read_only_volume_cannot_be_written_nor_what_is_mounted_beneath_it(string option, string value) =>
        Assert.Equal("of the host\nrefused\n", Inside([option, Data(value)], "cat /data/file; (: > /data/new) 2>/dev/null || echo refused"));

    [Fact]
    public void A_read_only_volume_is_read_only_all_the_way_down()
    {
        const string Script = """
            mkdir "$1/beneath"; mount -t tmpfs beneath "$1/beneath"
            exec "$2" run -v "$1:/data:ro" "$3" sh -c '(: > /data/beneath/new) 2>/dev/null || echo refused; grep -c " /data/beneath " /proc/mounts'
            """;
        Assert.Equal(["refused", "1"], Program.Run("unshare", ["--mount", "sh", "-euc", Script, "sh", sandbox["data"], NativeBinary.Location, root]).ExpectSuccess().Lines);
    }

    [Fact]
    public void A_file_of_the_host_can_be_mounted() =>
        Assert.Equal("of the host\n", Inside(["-v", Data("DATA/file:/etc/one/two/file")], "cat /etc/one/two/file"));

    [Fact]
    public void A_relative_source_is_one_of_the_caller_s_directory() =>
        Assert.Equal("of the host\n", NativeBinary.Run(["run", "-v", "./data:/data", root, "cat", "/data/file"], directory: sandbox.Path).ExpectSuccess().Output);

    [Theory]
    [InlineData("rprivate", "")]
    [InlineData("rslave", "master:N")]
    [InlineData("rshared", "shared:N")]
    public void A_volume_has_the_propagation_that_was_asked_for(string propagation, string expected)
    {
        const string Script = """
            mount --bind "$1" "$1"; mount --make-shared "$1"
            exec "$2" run -v "$1:/data:$4" "$3" sh -c 'grep " /data " /proc/self/mountinfo'
            """;
        string line = Program.Run("unshare", ["--mount", "sh", "-euc", Script, "sh", sandbox["data"], NativeBinary.Location, root, propagation]).ExpectSuccess().Output;
        string[] words = line.Split(' ');
        Assert.Equal(expected, string.Join(' ', words[6..Array.IndexOf(words, "-")].Select(static word => word.Split(':')[0] + ":N")));
    }

    [Fact]
    public void A_mount_that_the_host_makes_later_arrives_in_a_slave_volume_and_not_in_a_private_one()
    {
        const string Script = """
            mount --bind "$1" "$1"; mount --make-shared "$1"; mkdir "$1/later"
            "$2" run -i -v "$1:/slave:rslave" -v "$1:/private" "$3" sh -c 'echo ready; read line; ls /slave/later /private/later' <"$1/pipe" >"$1/out" &
            exec 3>"$1/pipe"
            while ! grep -q ready "$1/out"; do sleep 0.05; done
            mount -t tmpfs later "$1/later"; touch "$1/later/arrived"
            echo go >&3; wait $!; cat "$1/out"
            """;
        Program.Run("mkfifo", [sandbox["data/pipe"]]).ExpectSuccess();
        Assert.Equal(["ready", "/private/later:", "", "/slave/later:", "arrived"],
            Program.Run("unshare", ["--mount", "sh", "-euc", Script, "sh", sandbox["data"], NativeBinary.Location, root]).ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("--tmpfs", "/scratch", "rw,nosuid,nodev,noexec", 1023)]
    [InlineData("--tmpfs", "/scratch:size=1m,mode=700,exec", "rw,nosuid,nodev", 448)]
    [InlineData("--mount", "type=tmpfs,target=/scratch,tmpfs-size=1048576,tmpfs-mode=1770", "rw,nosuid,nodev", 1016)]
    public void A_file_system_in_memory_is_empty_and_has_what_was_asked_for(string option, string value, string flags, int mode)
    {
        string[] lines = Inside([option, value], "ls -A /scratch | wc -l; grep ' /scratch ' /proc/mounts; stat -c %a /scratch").TrimEnd('\n').Split('\n');
        Assert.Equal("0", lines[0]);
        Assert.StartsWith("tmpfs /scratch tmpfs " + flags, lines[1], StringComparison.Ordinal);
        if (value.Contains("size", StringComparison.Ordinal)) Assert.Contains("size=1024k", lines[1], StringComparison.Ordinal);
        Assert.Equal(Convert.ToString(mode, 8), lines[2]);
    }

    [Fact]
    public void A_read_only_root_cannot_be_written_but_its_volumes_and_dev_shm_can()
    {
        // A place for a mount is made while the root can still be written.
        Assert.Equal("refused\nkept\nof the host\n", Inside(["--read-only", "--tmpfs", "/made/for/it", "-v", Data("DATA:/data")],
            "(: > /new) 2>/dev/null || echo refused; echo kept > /made/for/it/file; cat /made/for/it/file; echo x > /dev/shm/y; cat /data/file"));
    }

    [Fact]
    public void An_inner_mount_is_made_after_the_outer_in_whatever_order_they_were_given()
    {
        Assert.Equal("file\ninner\n", Inside(["--tmpfs", "/a", "-v", Data("DATA:/a/inner")], "ls /a/inner; ls /a"));
        Assert.Equal("file\ninner\n", Inside(["--mount", Data("type=bind,source=DATA,target=/a/inner"), "--mount", "type=tmpfs,target=/a"], "ls /a/inner; ls /a"));
    }

    [Fact]
    public void A_mount_that_is_made_in_a_shared_volume_shows_up_on_the_host()
    {
        const string Script = """
            mount --bind "$1" "$1"; mount --make-shared "$1"; mkdir "$1/inner"
            "$2" run --cap-add SYS_ADMIN -v "$1:/data:rshared" "$3" sh -c 'mount -t tmpfs made-inside /data/inner; touch /data/inner/arrived'
            ls "$1/inner"
            """;
        Assert.Equal("arrived\n", Program.Run("unshare", ["--mount", "sh", "-euc", Script, "sh", sandbox["data"], NativeBinary.Location, root]).ExpectSuccess().Output);
    }

    [Fact]
    public void A_target_that_is_a_link_out_of_the_root_stays_in_the_root()
    {
        Directory.CreateDirectory(sandbox["outside"]);
        File.CreateSymbolicLink(root + "/absolute", sandbox["outside"]);
        File.CreateSymbolicLink(root + "/upwards", "../../../../../../../.." + sandbox["outside"]);
        foreach (string target in new[] { "absolute", "upwards" })
        {
            // Inside the root it leads nowhere: that is said, and nothing is made on either side.
            RunResult result = NativeBinary.Run("run", "-v", Data($"DATA:/{target}/place"), root, "true").ExpectExit(125);
            Assert.Contains("leads nowhere inside the root", result.Errors, StringComparison.Ordinal);
        }
        Directory.CreateDirectory(root + sandbox["outside"]);
        foreach (string target in new[] { "absolute", "upwards" })
            Assert.Equal("of the host\n", Inside(["-v", Data($"DATA:/{target}/place")], $"cat {sandbox["outside"]}/place/file"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(sandbox["outside"]));
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/sys")]
    [InlineData("/sys/fs")]
    public void A_volume_over_proc_or_sys_hides_nothing_from_littlebox_s_own_masks(string target)
    {
        RunResult result = NativeBinary.Run("run", "-v", Data($"DATA:{target}"), root, "sh", "-c", $"ls {target}");
        Assert.True(result.ExitCode == 125 || result.Output == "file\n", result.ToString());
    }

    private string Data(string value) => value.Replace("DATA", sandbox["data"], StringComparison.Ordinal);

    private string Inside(string[] options, string script) => NativeBinary.Run(["run", .. options, root, "sh", "-c", script]).ExpectSuccess().Output;
}
