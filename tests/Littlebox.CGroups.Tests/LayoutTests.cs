using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

public sealed class LayoutTests
{
    private const string HybridMounts = """
        25 23 0:22 / /sys/fs/cgroup ro,nosuid shared:5 - tmpfs tmpfs ro,mode=755
        26 25 0:23 / /sys/fs/cgroup/unified rw,nosuid shared:6 - cgroup2 cgroup2 rw,nsdelegate
        27 25 0:24 / /sys/fs/cgroup/systemd rw shared:7 - cgroup cgroup rw,xattr,name=systemd
        28 25 0:25 / /sys/fs/cgroup/cpu,cpuacct rw shared:8 - cgroup cgroup rw,cpu,cpuacct
        29 25 0:26 / /srv/other\040root/memory rw - cgroup cgroup rw,memory
        30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        31 25 0:27 /lxc/one /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
        """;

    private const string HybridOwn = """
        5:pids:/lxc/one/app
        4:memory:/a:b
        3:cpu,cpuacct:/user.slice
        2:freezer:/
        1:name=systemd:/user.slice/session.scope
        0::/user.slice/session.scope
        """;

    [Fact]
    public void A_hybrid_layout_is_read_from_the_files_of_proc()
    {
        CGroupLayout layout = CGroupLayout.Parse(HybridMounts, HybridOwn, static point => point == "/sys/fs/cgroup/unified" ? "hugetlb\n" : null);
        Assert.True(layout.IsHybrid);
        Assert.False(layout.IsUnified);
        Assert.Equal(["pids", "memory", "cpu", "name=systemd"], layout.Legacy.Select(hierarchy => hierarchy.Name));
        Assert.Equal("/sys/fs/cgroup/memory", layout.Of("memory")!.MountPoint);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", layout.Of("cpuacct")!.MountPoint);
        Assert.Equal("a:b", layout.Of("memory")!.OwnBeneath);
        Assert.Equal("app", layout.Of("pids")!.OwnBeneath);
        Assert.Same(layout.Unified, layout.Of("hugetlb"));
        Assert.Null(layout.Of("freezer"));
    }

    [Fact]
    public void A_place_with_blanks_in_its_name_is_found()
    {
        CGroupLayout layout = CGroupLayout.Parse(HybridMounts.Split('\n')[4], HybridOwn, static _ => null);
        Assert.Equal("/srv/other root/memory", layout.Of("memory")!.MountPoint);
    }

    [Fact]
    public void Without_any_cgroup_file_system_the_error_says_how_to_mount_one() =>
        Assert.Contains("mount -t cgroup2", Assert.Throws<LittleboxException>(() => CGroupLayout.Parse("25 23 0:22 / /sys rw - sysfs sysfs rw\n", "0::/\n", static _ => null)).Message);

    [Theory]
    [InlineData(null, "user.slice/box", "user.slice/session.scope/box")]
    [InlineData("", "user.slice/box", "user.slice/session.scope/box")]
    [InlineData("/a/b", "a/b", "a/b")]
    [InlineData("//a/./x/../b/", "a/b", "a/b")]
    [InlineData("/../../etc", "etc", "etc")]
    [InlineData("../../a", "user.slice/a", "user.slice/session.scope/a")]
    [InlineData("a:b:c", "user.slice/a:b:c", "user.slice/session.scope/a:b:c")]
    public void A_path_begins_at_the_mount_point_or_at_the_own_cgroup(string? cgroupsPath, string unified, string legacy)
    {
        CGroupPath path = CGroupPath.Parse(cgroupsPath, "box");
        const string own = "/user.slice/session.scope";
        Assert.Equal(unified, path.Beneath(new CGroupHierarchy([], true, "/sys/fs/cgroup", "/", own), isHybrid: false));
        Assert.Equal(legacy, path.Beneath(new CGroupHierarchy(["cpu"], false, "/sys/fs/cgroup/cpu", "/", own), isHybrid: false));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/a/..")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void A_path_that_is_the_root_or_no_name_is_refused(string cgroupsPath) =>
        Assert.StartsWith("/linux/cgroupsPath ", Assert.Throws<LittleboxException>(() => CGroupPath.Parse(cgroupsPath, "box")).Message);
}
