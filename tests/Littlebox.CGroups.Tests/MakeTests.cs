using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

/// <summary>Making a container's cgroups on hierarchies in memory.</summary>
public sealed class MakeTests
{
    private static readonly CGroupLayout Unified = CGroupLayout.Parse("26 25 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "0::/user.slice/session.scope\n", static _ => "cpu memory pids");

    [Fact]
    public void Controllers_are_enabled_down_the_path_and_not_in_the_container()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "cpu memory pids");
        using ContainerCGroups cgroups = Make(tree, new() { Memory = new() { Limit = 4096 } });
        Assert.Equal([("", "cgroup.subtree_control", "+cpu +memory +pids"), ("/a", "cgroup.subtree_control", "+cpu +memory +pids")], tree.Writes);
        Assert.Equal("/sys/fs/cgroup/a/b", cgroups.Paths[""]);
        tree.Writes.Clear();
        ResourceLimits.Apply(cgroups, new() { Memory = new() { Limit = 4096, Swap = 8192 }, Pids = new() { Limit = 5 } });
        Assert.Equal([("/a/b", "pids.max", "5"), ("/a/b", "memory.swap.max", "4096"), ("/a/b", "memory.max", "4096")], tree.Writes);
    }

    [Fact]
    public void A_controller_that_is_not_delegated_is_named_with_the_place_where_it_ends()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "cpu pids");
        var error = Assert.Throws<LittleboxException>(() => Make(tree, new() { Memory = new() { Limit = 4096 } }));
        Assert.Equal("/linux/resources/memory/limit cannot be enforced: the controller memory is not delegated to /sys/fs/cgroup (its cgroup.controllers does not name it)", error.Message);
    }

    [Fact]
    public void Processes_in_a_cgroup_above_are_named_as_the_reason()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "cpu memory") { Refuse = static (file, _) => file == "/a/cgroup.subtree_control" ? Errno.EBUSY : Errno.None };
        var error = Assert.Throws<LittleboxException>(() => Make(tree, new() { Memory = new() { Limit = 4096 } }));
        Assert.Contains("cannot be enabled in /sys/fs/cgroup/a/cgroup.subtree_control: it has processes of its own", error.Message);
    }

    [Fact]
    public void Without_limits_a_controller_that_cannot_be_enabled_is_no_matter()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "cpu memory") { Refuse = static (file, _) => file.EndsWith("subtree_control", StringComparison.Ordinal) ? Errno.EACCES : Errno.None };
        using ContainerCGroups cgroups = Make(tree, null);
        Assert.True(tree.Has("/a/b"));
    }

    [Fact]
    public void A_cgroup_with_processes_is_refused()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "cpu");
        tree.Add("/a");
        tree.Add("/a/b");
        tree["/a/b"]["cgroup.procs"] = "17\n";
        Assert.Contains("/sys/fs/cgroup/a/b has processes in it already", Assert.Throws<LittleboxException>(() => Make(tree, null)).Message);
        tree["/a/b"]["cgroup.procs"] = "";
        tree["/a/b"]["cgroup.freeze"] = "1\n";
        Assert.Contains("is frozen", Assert.Throws<LittleboxException>(() => Make(tree, null)).Message);
    }

    [Fact]
    public void A_user_who_may_not_make_cgroups_learns_how_to_be_allowed()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "cpu") { Refuse = static (_, value) => value == "mkdir" ? Errno.EACCES : Errno.None };
        Assert.Contains("Delegate=yes", Assert.Throws<LittleboxException>(() => Make(tree, null)).Message);
    }

    [Fact]
    public void A_limit_without_its_controller_is_refused()
    {
        CGroupLayout layout = CGroupLayout.Parse("26 25 0:23 / /c/cpu rw - cgroup cgroup rw,cpu\n", "3:cpu:/\n", static _ => null);
        var error = Assert.Throws<LittleboxException>(() => ContainerCGroups.Make(layout, CGroupPath.Parse("/a", "x"),
            ResourceLimits.Needed(new() { Pids = new() { Limit = 4 } }, layout), static hierarchy => new FakeTree(hierarchy.MountPoint).Root()));
        Assert.Equal("/linux/resources/pids/limit cannot be enforced: no cgroup hierarchy of this machine has the controller pids", error.Message);
    }

    [Fact]
    public void A_cpuset_of_version_1_gets_what_its_parent_has()
    {
        CGroupLayout layout = CGroupLayout.Parse("26 25 0:23 / /c/cpuset rw - cgroup cgroup rw,cpuset\n", "3:cpuset:/\n", static _ => null);
        var tree = new FakeTree("/c/cpuset");
        tree[""]["cpuset.cpus"] = "0-3\n";
        tree[""]["cpuset.mems"] = "0\n";
        foreach (string group in (string[])["/a", "/a/b"])
        {
            tree.Add(group);
            tree[group]["cpuset.cpus"] = tree[group]["cpuset.mems"] = "\n";
        }
        using ContainerCGroups cgroups = ContainerCGroups.Make(layout, CGroupPath.Parse("/a/b", "x"), ResourceLimits.Needed(null, layout), _ => tree.Root());
        Assert.Equal("0-3", tree["/a/b"]["cpuset.cpus"]);
        Assert.Equal("0", tree["/a"]["cpuset.mems"]);
    }

    private static ContainerCGroups Make(FakeTree tree, LinuxResources? resources) =>
        ContainerCGroups.Make(Unified, CGroupPath.Parse("/a/b", "x"), ResourceLimits.Needed(resources, Unified), _ => tree.Root());
}
