namespace Littlebox.Kernel.Integration.Tests;

/// <summary><c>--systemd-cgroup</c> on a machine whose systemd uses version 1.</summary>
[Collection("6.1, systemd, hybrid")]
public sealed class SystemdHybridTests(HybridSystemdMachine machine)
{
    private const string Limits = """
        {
          "devices": [{ "allow": false, "access": "rwm" }],
          "memory": { "limit": 67108864, "swap": 134217728 }, "cpu": { "shares": 512, "quota": 50000, "cpus": "0-1", "mems": "0" }, "pids": { "limit": 32 }, "blockIO": { "weight": 500 }
        }
        """;

    [Fact]
    public void A_scope_is_in_all_hierarchies_with_the_same_limits_as_runc_s()
    {
        Config config = Config.Sleeper.In("foo-bar.slice:lb:one").With(Limits);
        config.Document["ociVersion"] = "1.0.2";
        machine.Write("one", config);
        string[] ours = Seen("littlebox-oci"), theirs = Seen("runc");
        Assert.Equal(
        [
            "MemoryLimit=67108864", "CPUShares=512", "CPUQuotaPerSecUSec=500ms", "BlockIOWeight=500", "TasksMax=32", "DevicePolicy=strict",
            "67108864", "134217728", "512", "50000", "32", "0-1", "500",
        ], ours[..13]);
        Assert.Equal(theirs[..13], ours[..13]);
        // runc leaves the process where it was in a hierarchy that it does not know.
        Assert.True(ours.Length > 20);
        Assert.All(ours[13..], static line => Assert.EndsWith(":/foo.slice/foo-bar.slice/lb-one.scope", line, StringComparison.Ordinal));

        string[] Seen(string runtime) => machine.Run(Units.Shell + $$"""
            quiet {{runtime}} --systemd-cgroup create -b /b/one --pid-file /tmp/one one || exit
            for name in MemoryLimit CPUShares CPUQuotaPerSecUSec BlockIOWeight TasksMax DevicePolicy; do systemctl show lb-one.scope -p $name; done
            cd /sys/fs/cgroup
            scope=foo.slice/foo-bar.slice/lb-one.scope
            for file in memory/$scope/memory.limit_in_bytes memory/$scope/memory.memsw.limit_in_bytes cpu/$scope/cpu.shares cpu/$scope/cpu.cfs_quota_us pids/$scope/pids.max cpuset/$scope/cpuset.cpus blkio/$scope/blkio.bfq.weight; do cat $file; done
            cat /proc/$(cat /tmp/one)/cgroup
            cd /
            quiet {{runtime}} --systemd-cgroup delete --force one
            leftovers
            """).ExpectSuccess().Lines;
    }

    [Fact]
    public void A_life_in_a_scope_ends_without_a_trace()
    {
        Result result = machine.Run("life", Config.Sleeper.In("machine.slice:lb:life").With(Limits), Units.Shell + """
            quiet lb run -d -b /b/life life || exit
            scope=machine.slice/lb-life.scope
            cd /sys/fs/cgroup
            littlebox-oci exec life cat /proc/self/cgroup | grep -v ':/$'
            quiet littlebox-oci update --memory 50331648 --memory-swap 100663296 --pids-limit 9 --cpu-quota 20000 --cpu-share 1024 life
            cat memory/$scope/memory.limit_in_bytes memory/$scope/memory.memsw.limit_in_bytes pids/$scope/pids.max cpu/$scope/cpu.cfs_quota_us cpu/$scope/cpu.shares
            for name in MemoryLimit TasksMax CPUQuotaPerSecUSec CPUShares; do systemctl show lb-life.scope -p $name; done
            # Device rules of an update go to systemd as well; nobody sees a moment without them.
            echo '{ "devices": [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 1, "minor": 11, "access": "r" }] }' | littlebox-oci update --resources - life
            grep 'c 1:11' devices/$scope/devices.list
            systemctl daemon-reload
            grep 'c 1:11' devices/$scope/devices.list
            grep -c . devices/$scope/devices.list
            quiet littlebox-oci pause life
            cat freezer/$scope/freezer.state
            quiet littlebox-oci resume life
            cd /
            quiet littlebox-oci delete --force life
            leftovers
            """).ExpectSuccess();
        Assert.Equal(
        [
            "50331648", "100663296", "9", "20000", "1024", "MemoryLimit=50331648", "TasksMax=9", "CPUQuotaPerSecUSec=200ms", "CPUShares=1024", "c 1:11 r", "c 1:11 r", "12", "FROZEN",
        ], result.Lines);
    }

    [Fact]
    public void An_ordinary_user_is_told_that_version_1_is_not_his()
    {
        machine.Write("his", new Config("true").Rootless(1000).In(":lb:his"));
        machine.Run("su user -c 'XDG_RUNTIME_DIR=/run/user/1000 littlebox-oci --systemd-cgroup create -b /b/his his </dev/null'").ExpectError("version 2 only", "cgroup_manager");
    }
}
