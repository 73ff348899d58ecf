using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Integration.Tests;

/// <summary>What was asked for is what the kernel has; on whatever hierarchies this machine mounts.</summary>
public sealed class LimitTests
{
    private static readonly CGroupLayout Layout = CGroupLayout.Read();

    private static void NeedsLegacy(string controller) => Assert.SkipUnless(Layout.Of(controller) is { IsUnified: false }, $"{controller} is not in version 1 here");

    [Fact]
    public void Limits_of_processor_time_are_in_force()
    {
        NeedsLegacy("cpu");
        using var box = new Box(new() { Cpu = new() { Shares = 512, Quota = 20000, Period = 50000, Burst = 10000 } });
        Assert.Equal(("512", "20000", "50000", "10000"), (box.Read("cpu", "cpu.shares"), box.Read("cpu", "cpu.cfs_quota_us"), box.Read("cpu", "cpu.cfs_period_us"), box.Read("cpu", "cpu.cfs_burst_us")));
        ResourceLimits.Apply(box.CGroups, new() { Cpu = new() { Quota = 900000, Period = 1000000, Burst = 0 } });
        Assert.Equal(("900000", "1000000"), (box.Read("cpu", "cpu.cfs_quota_us"), box.Read("cpu", "cpu.cfs_period_us")));
        ResourceLimits.Apply(box.CGroups, new() { Cpu = new() { Quota = -1, Idle = 1 } });
        Assert.Equal(("-1", "1"), (box.Read("cpu", "cpu.cfs_quota_us"), box.Read("cpu", "cpu.idle")));
    }

    [Fact]
    public void A_burst_grows_with_its_quota()
    {
        NeedsLegacy("cpu");
        using var box = new Box(new() { Cpu = new() { Quota = 20000, Period = 100000 } });
        ResourceLimits.Apply(box.CGroups, new() { Cpu = new() { Quota = 50000, Burst = 40000 } });
        Assert.Equal(("50000", "40000"), (box.Read("cpu", "cpu.cfs_quota_us"), box.Read("cpu", "cpu.cfs_burst_us")));
    }

    [Fact]
    public void Processors_and_memory_nodes_are_in_force()
    {
        NeedsLegacy("cpuset");
        using var box = new Box(new() { Cpu = new() { Cpus = "0", Mems = "0" } });
        Assert.Equal(("0", "0"), (box.Read("cpuset", "cpuset.cpus"), box.Read("cpuset", "cpuset.mems")));
        Assert.Equal(0, box.Run("grep -q '^Cpus_allowed_list:.0$' /proc/self/status"));
        var error = Assert.Throws<LittleboxException>(() => ResourceLimits.Apply(box.CGroups, new() { Cpu = new() { Cpus = "4000" } }));
        Assert.StartsWith("/linux/resources/cpu/cpus cannot be enforced", error.Message);
    }

    [Fact]
    public void Limits_of_memory_are_in_force_and_grow_and_shrink()
    {
        NeedsLegacy("memory");
        using var box = new Box(new() { Memory = new() { Limit = 64 << 20, Swap = 128 << 20, Reservation = 32 << 20, Swappiness = 7, DisableOomKiller = true } });
        Assert.Equal((64 << 20, 128 << 20), Both());
        Assert.Equal(((32 << 20).ToString(), "7"), (box.Read("memory", "memory.soft_limit_in_bytes"), box.Read("memory", "memory.swappiness")));
        Assert.StartsWith("oom_kill_disable 1", box.Read("memory", "memory.oom_control"));
        ResourceLimits.Apply(box.CGroups, new() { Memory = new() { Limit = 256 << 20, Swap = 512 << 20 } });
        Assert.Equal((256 << 20, 512 << 20), Both());
        ResourceLimits.Apply(box.CGroups, new() { Memory = new() { Limit = 16 << 20, Swap = 16 << 20 } });
        Assert.Equal((16 << 20, 16 << 20), Both());
        ResourceLimits.Apply(box.CGroups, new() { Memory = new() { Limit = -1 } });
        Assert.True(Both().Memory > long.MaxValue / 2 && Both().Swap > long.MaxValue / 2);
        var error = Assert.Throws<LittleboxException>(() => ResourceLimits.Apply(box.CGroups, new() { Memory = new() { Limit = 32 << 20, Swap = 16 << 20 } }));
        Assert.StartsWith("/linux/resources/memory/swap cannot be enforced: it is memory and swap together", error.Message);

        (long Memory, long Swap) Both() => (long.Parse(box.Read("memory", "memory.limit_in_bytes")), long.Parse(box.Read("memory", "memory.memsw.limit_in_bytes")));
    }

    [Fact]
    public void A_process_that_takes_more_memory_than_its_limit_is_killed()
    {
        NeedsLegacy("memory");
        using var box = new Box(new() { Memory = new() { Limit = 8 << 20, Swap = 8 << 20 } });
        Assert.NotEqual(0, box.Run("x=$(head -c 33554432 /dev/zero | tr '\\0' x); exit 0"));
        Assert.NotEqual(0UL, StatisticsReader.Read(box.CGroups).Memory.OutOfMemoryKills);
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1, "1")]
    [InlineData(9, "9")]
    [InlineData(-1, "max")]
    public void A_limit_of_processes_is_in_force(long limit, string inForce)
    {
        NeedsLegacy("pids");
        using var box = new Box(new() { Pids = new() { Limit = limit } });
        Assert.Equal(inForce, box.Read("pids", "pids.max"));
        Assert.Equal(inForce != "1", box.Run("(exit 0) 2>/dev/null") == 0);
    }

    [Fact]
    public void Rates_of_block_devices_are_in_force()
    {
        NeedsLegacy("blkio");
        string? disk = Directory.GetDirectories("/sys/block").Select(path => File.ReadAllText(path + "/dev").Trim()).FirstOrDefault();
        Assert.SkipWhen(disk is null, "there are no disks");
        (long major, long minor) = (long.Parse(disk!.Split(':')[0]), long.Parse(disk.Split(':')[1]));
        using var box = new Box(new()
        {
            BlockIo = new()
            {
                ThrottleReadBpsDevice = [new() { Major = major, Minor = minor, Rate = 1 << 20 }],
                ThrottleWriteIopsDevice = [new() { Major = major, Minor = minor, Rate = 100 }],
            },
        });
        Assert.Equal(($"{disk} 1048576", $"{disk} 100"), (box.Read("blkio", "blkio.throttle.read_bps_device"), box.Read("blkio", "blkio.throttle.write_iops_device")));
        var error = Assert.Throws<LittleboxException>(() => ResourceLimits.Apply(box.CGroups, new() { BlockIo = new() { ThrottleReadBpsDevice = [new() { Major = 4000, Minor = 1, Rate = 1 }] } }));
        Assert.StartsWith("/linux/resources/blockIO/throttleReadBpsDevice/0 cannot be enforced: there is no such device", error.Message);
    }

    [Fact]
    public void A_controller_that_this_machine_has_not_is_refused_before_anything_is_made()
    {
        Assert.SkipWhen(Layout.Of("rdma") is not null, "this machine has rdma");
        var error = Assert.Throws<LittleboxException>(() => new Box(new() { Rdma = [new("mlx5_0", new() { HcaHandles = 1 })] }));
        Assert.Equal("/linux/resources/rdma/mlx5_0 cannot be enforced: no cgroup hierarchy of this machine has the controller rdma", error.Message);
    }
}
