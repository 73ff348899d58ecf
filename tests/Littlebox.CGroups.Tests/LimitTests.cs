using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

/// <summary>What each field of linux.resources comes to, as a list of files and values.</summary>
public sealed class LimitTests
{
    public static TheoryData<string, LinuxResources, string, string> Fields => new()
    {
        { "shares", new() { Cpu = new() { Shares = 1024 } }, "cpu.shares=1024", "cpu.weight=100" },
        { "quota", new() { Cpu = new() { Quota = 50000 } }, "cpu.cfs_quota_us=50000", "cpu.max=50000 100000" },
        { "quota and period", new() { Cpu = new() { Quota = 50000, Period = 200000 } }, "cpu.cfs_period_us=200000 cpu.cfs_quota_us=50000", "cpu.max=50000 200000" },
        { "no quota", new() { Cpu = new() { Quota = -1 } }, "cpu.cfs_quota_us=-1", "cpu.max=max 100000" },
        { "period", new() { Cpu = new() { Period = 5000 } }, "cpu.cfs_period_us=5000", "cpu.max=max 5000" },
        { "burst", new() { Cpu = new() { Quota = 5000, Burst = 1000 } }, "cpu.cfs_burst_us=1000 cpu.cfs_quota_us=5000", "cpu.max.burst=1000 cpu.max=5000 100000" },
        { "idle", new() { Cpu = new() { Idle = 1 } }, "cpu.idle=1", "cpu.idle=1" },
        { "cpuset", new() { Cpu = new() { Cpus = "0-1", Mems = "0" } }, "cpuset.cpus=0-1 cpuset.mems=0", "cpuset.cpus=0-1 cpuset.mems=0" },
        { "realtime", new() { Cpu = new() { RealtimePeriod = 1000000, RealtimeRuntime = 1000 } }, "cpu.rt_period_us=1000000 cpu.rt_runtime_us=1000", "! /linux/resources/cpu/realtimePeriod" },
        { "few shares", new() { Cpu = new() { Shares = 1 } }, "! /linux/resources/cpu/shares", "cpu.weight=1" },
        { "burst above quota", new() { Cpu = new() { Quota = 10, Burst = 11 } }, "! /linux/resources/cpu/burst", "! /linux/resources/cpu/burst" },
        { "memory", new() { Memory = new() { Limit = 4096, Swap = 8192, Reservation = 1024 } },
            "memory.limit_in_bytes=4096 memory.memsw.limit_in_bytes=8192 memory.soft_limit_in_bytes=1024", "memory.swap.max=4096 memory.max=4096 memory.low=1024" },
        { "no swap", new() { Memory = new() { Limit = 4096, Swap = 4096 } }, "memory.limit_in_bytes=4096 memory.memsw.limit_in_bytes=4096", "memory.swap.max=0 memory.max=4096" },
        { "no limit of memory", new() { Memory = new() { Limit = -1 } }, "memory.limit_in_bytes=-1 memory.memsw.limit_in_bytes=-1", "memory.swap.max=max memory.max=max" },
        { "kernel memory is ignored", new() { Memory = new() { Kernel = 4096, UseHierarchy = true, DisableOomKiller = false } }, "", "" },
        { "buffers of TCP", new() { Memory = new() { KernelTcp = 4096 } }, "memory.kmem.tcp.limit_in_bytes=4096", "! /linux/resources/memory/kernelTCP" },
        { "no limit of buffers of TCP", new() { Memory = new() { KernelTcp = -1 } }, "memory.kmem.tcp.limit_in_bytes=-1", "" },
        { "no oom killer", new() { Memory = new() { DisableOomKiller = true } }, "memory.oom_control=1", "! /linux/resources/memory/disableOOMKiller" },
        { "swappiness", new() { Memory = new() { Swappiness = 0 } }, "memory.swappiness=0", "! /linux/resources/memory/swappiness" },
        { "too much swappiness", new() { Memory = new() { Swappiness = 101 } }, "! /linux/resources/memory/swappiness", "! /linux/resources/memory/swappiness" },
        { "swappiness of engines", new() { Memory = new() { Swappiness = ulong.MaxValue } }, "", "" },
        { "pids", new() { Pids = new() { Limit = 7 } }, "pids.max=7", "pids.max=7" },
        { "no pids", new() { Pids = new() { Limit = 0 } }, "pids.max=1", "pids.max=1" },
        { "all pids", new() { Pids = new() { Limit = -1 } }, "pids.max=max", "pids.max=max" },
        { "weight", new() { BlockIo = new() { Weight = 500 } }, "blkio.bfq.weight=500", "io.bfq.weight=500" },
        { "leaf weight", new() { BlockIo = new() { LeafWeight = 500 } }, "blkio.leaf_weight=500", "! /linux/resources/blockIO/leafWeight" },
        { "weight out of range", new() { BlockIo = new() { Weight = 9 } }, "! /linux/resources/blockIO/weight", "! /linux/resources/blockIO/weight" },
        { "weight of a device", new() { BlockIo = new() { WeightDevice = [new() { Major = 8, Minor = 0, Weight = 10 }] } }, "blkio.bfq.weight_device=8:0 10", "io.bfq.weight=8:0 10" },
        { "rates", new() { BlockIo = new() { ThrottleReadBpsDevice = [new() { Major = 8, Minor = 16, Rate = 600 }], ThrottleWriteIopsDevice = [new() { Major = 8, Minor = 0, Rate = 0 }] } },
            "blkio.throttle.read_bps_device=8:16 600 blkio.throttle.write_iops_device=8:0 0", "io.max=8:16 rbps=600 io.max=8:0 wiops=max" },
        { "huge pages", new() { HugepageLimits = [new() { PageSize = "2MB", Limit = 4194304 }] },
            "hugetlb.2MB.limit_in_bytes=4194304 hugetlb.2MB.rsvd.limit_in_bytes=4194304", "hugetlb.2MB.max=4194304 hugetlb.2MB.rsvd.max=4194304" },
        { "a size that is a path", new() { HugepageLimits = [new() { PageSize = "../x", Limit = 1 }] }, "! /linux/resources/hugepageLimits/0/pageSize", "! /linux/resources/hugepageLimits/0/pageSize" },
        { "network", new() { Network = new() { ClassId = 1048577, Priorities = [new() { Name = "eth0", Priority = 5 }] } },
            "net_cls.classid=1048577 net_prio.ifpriomap=eth0 5", "! /linux/resources/network/classID" },
        { "rdma", new() { Rdma = [new("mlx5_1", new() { HcaHandles = 3, HcaObjects = 10000 })] }, "rdma.max=mlx5_1 hca_handle=3 hca_object=10000", "rdma.max=mlx5_1 hca_handle=3 hca_object=10000" },
        { "unified", new() { Unified = [new("memory.high", "1000"), new("io.max", "8:0 rbps=1\n8:16 rbps=2\n"), new("misc.max", "sev 3")] },
            "! /linux/resources/unified/memory.high", "memory.high=1000 io.max=8:0 rbps=1 io.max=8:16 rbps=2 misc.max=sev 3" },
        { "unified is no path", new() { Unified = [new("../a.b", "1")] }, "! /linux/resources/unified/..~1a.b", "! /linux/resources/unified/..~1a.b" },
        { "unified moves nobody", new() { Unified = [new("cgroup.procs", "1")] }, "! /linux/resources/unified/cgroup.procs", "! /linux/resources/unified/cgroup.procs" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_is_written_or_refused_by_its_name_on_version_1(string what, LinuxResources resources, string expected, string _) => Check(what, resources, expected, isUnified: false);

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_is_written_or_refused_by_its_name_on_version_2(string what, LinuxResources resources, string _, string expected) => Check(what, resources, expected, isUnified: true);

    private static void Check(string what, LinuxResources resources, string expected, bool isUnified)
    {
        string written;
        try
        {
            written = string.Join(' ', ResourceLimits.Compile(resources, Context(isUnified)).Select(write => $"{write.File}={write.Value}"));
        }
        catch (LittleboxException error)
        {
            written = "! " + error.Message.Split(' ')[0];
        }
        Assert.Equal((what, expected), (what, written));
    }

    [Fact]
    public void An_update_of_the_period_alone_keeps_the_quota() => Assert.Equal("cpu.max=20000 50000", Written(new() { Cpu = new() { Period = 50000 } }, "cpu.max", "20000 100000\n"));

    [Fact]
    public void An_update_of_the_quota_alone_keeps_the_period() => Assert.Equal("cpu.max=max 50000", Written(new() { Cpu = new() { Quota = -1 } }, "cpu.max", "20000 50000\n"));

    [Fact]
    public void A_limit_below_what_is_in_use_is_refused_where_that_is_asked_for()
    {
        LinuxResources resources = new() { Memory = new() { Limit = 5000, CheckBeforeUpdate = true } };
        Assert.Contains("6000 bytes are in use", Assert.Throws<LittleboxException>(() => Written(resources, "memory.current", "6000\n")).Message);
        Assert.Equal("memory.max=5000", Written(resources, "memory.current", "4999\n"));
    }

    [Fact]
    public void What_waits_for_another_value_is_written_behind_it()
    {
        var tree = new FakeTree("/memory");
        long memory = 1000, both = 1000;
        tree.Refuse = (file, value) =>
        {
            long number = long.Parse(value);
            if (file == "/memory.limit_in_bytes" && number > both) return Errno.EINVAL;
            if (file == "/memory.memsw.limit_in_bytes" && number < memory) return Errno.EINVAL;
            if (file == "/memory.limit_in_bytes") memory = number;
            else both = number;
            return Errno.None;
        };
        Write(tree, new() { Memory = new() { Limit = 2000, Swap = 3000 } });
        Assert.Equal((2000, 3000), (memory, both));
        Write(tree, new() { Memory = new() { Limit = 100, Swap = 100 } });
        Assert.Equal((100, 100), (memory, both));
        Assert.Contains("/linux/resources/memory/swap", Assert.Throws<LittleboxException>(() => Write(tree, new() { Memory = new() { Limit = 500, Swap = 400 } })).Message);
    }

    [Fact]
    public void Where_the_scheduler_has_no_weights_the_other_file_gets_them_converted()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "io");
        tree.Missing.Add("io.bfq.weight");
        LimitWriter.Write(tree.Root(), ResourceLimits.Compile(new() { BlockIo = new() { Weight = 500 } }, Context(isUnified: true)));
        Assert.Equal([("", "io.weight", "4950")], tree.Writes);
        tree.Missing.Add("io.weight");
        var error = Assert.Throws<LittleboxException>(() => LimitWriter.Write(tree.Root(), ResourceLimits.Compile(new() { BlockIo = new() { Weight = 500 } }, Context(isUnified: true))));
        Assert.StartsWith("/linux/resources/blockIO/weight cannot be enforced", error.Message);
    }

    [Fact]
    public void A_missing_file_is_passed_over_only_where_nothing_is_lost()
    {
        var tree = new FakeTree("/sys/fs/cgroup", "memory");
        tree.Missing.Add("memory.swap.max");
        LimitWriter.Write(tree.Root(), ResourceLimits.Compile(new() { Memory = new() { Limit = 100, Swap = 100 } }, Context(isUnified: true)));
        Assert.Equal([("", "memory.max", "100")], tree.Writes);
        Assert.Throws<LittleboxException>(() => LimitWriter.Write(tree.Root(), ResourceLimits.Compile(new() { Memory = new() { Limit = 100, Swap = 200 } }, Context(isUnified: true))));
    }

    private static void Write(FakeTree tree, LinuxResources resources) => LimitWriter.Write(tree.Root(), ResourceLimits.Compile(resources, Context(isUnified: false)));

    private static LimitContext Context(bool isUnified) => new(_ => isUnified, !isUnified, static (_, _) => null);

    private static string Written(LinuxResources resources, string file, string content) =>
        string.Join(' ', ResourceLimits.Compile(resources, new LimitContext(_ => true, false, (_, name) => name == file ? content : null)).Select(write => $"{write.File}={write.Value}"));
}
