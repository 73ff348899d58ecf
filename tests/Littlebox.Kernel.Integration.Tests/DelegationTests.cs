namespace Littlebox.Kernel.Integration.Tests;

/// <summary>An ordinary user's containers, with a cgroup that has been delegated to him and without.</summary>
[Collection("6.1, cgroup v2")]
public sealed class DelegationTests(UnifiedMachine machine)
{
    // As the kernel's documentation has it (cgroup-v2.rst, Delegation): the directory and these files become his.
    private const string Delegate = """
        mkdir -p /sys/fs/cgroup/people/his /run/user/1000
        echo "+memory +pids +cpu" >/sys/fs/cgroup/people/cgroup.subtree_control
        mkdir -p /sys/fs/cgroup/people/his/shell
        chown -R 1000:1000 /run/user/1000
        cd /sys/fs/cgroup/people/his
        chown 1000 . cgroup.procs cgroup.subtree_control cgroup.threads shell shell/cgroup.procs
        cd /
        him() { sh -c 'echo 0 >/sys/fs/cgroup/people/his/shell/cgroup.procs; exec su user -c "export XDG_RUNTIME_DIR=/run/user/1000; $1"' sh "$1"; }

        """;

    [Fact]
    public void Limits_hold_in_a_delegated_cgroup()
    {
        Config config = Config.Shell("cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max; exec tail /dev/zero").Rootless(1000).In("/people/his/box").With("""
            { "memory": { "limit": 16777216, "swap": 16777216 }, "pids": { "limit": 9 } }
            """);
        machine.Write("his", config);
        Result result = machine.Run(Delegate + "him 'littlebox-oci run -b /b/his his'");
        Assert.Equal(["16777216", "9"], result.ExpectExit(137).Lines);
        Assert.Equal("", machine.Run("ls -d /sys/fs/cgroup/people/his/box 2>/dev/null").Output);
    }

    [Fact]
    public void A_controller_that_is_not_delegated_is_named()
    {
        machine.Write("lacks", new Config("true").Rootless(1000).In("/people/his/lacks").With("""{ "cpu": { "cpus": "0" } }"""));
        machine.Run(Delegate + "him 'littlebox-oci run -b /b/lacks lacks'").ExpectError("/linux/resources/cpu/cpus", "cpuset", "delegated");
    }

    [Fact]
    public void Limits_without_delegation_are_refused_in_clear_words()
    {
        machine.Write("none", new Config("true").Rootless(1000).In("/none").With("""{ "memory": { "limit": 16777216 } }"""));
        machine.Run(Delegate + "su user -c 'XDG_RUNTIME_DIR=/run/user/1000 littlebox-oci run -b /b/none none'").ExpectError("delegated");
    }

    [Fact]
    public void Without_limits_no_delegation_is_needed()
    {
        machine.Write("free", new Config("id", "-u").Rootless(1000));
        Assert.Equal(["0"], machine.Run(Delegate + "su user -c 'XDG_RUNTIME_DIR=/run/user/1000 littlebox-oci run -b /b/free free'").ExpectSuccess().Lines);
    }
}
