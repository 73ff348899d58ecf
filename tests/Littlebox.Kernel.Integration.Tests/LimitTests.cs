namespace Littlebox.Kernel.Integration.Tests;

/// <summary>Limits of version 2: what the kernel's files say, and what happens to whoever runs into them.</summary>
[Collection("6.1, cgroup v2")]
public sealed class LimitTests(UnifiedMachine machine)
{
    [Fact]
    public void The_kernel_s_files_say_what_config_json_says()
    {
        Config config = Config.Sleeper.In("/limits/files").With("""
            {
              "memory": { "limit": 67108864, "reservation": 33554432, "swap": 100663296 },
              "pids": { "limit": 42 },
              "cpu": { "shares": 1024, "quota": 50000, "period": 200000, "burst": 10000, "cpus": "0", "mems": "0" },
              "hugepageLimits": [{ "pageSize": "2MB", "limit": 4194304 }],
              "blockIO": {
                "throttleReadBpsDevice": [{ "major": 7, "minor": 0, "rate": 1048576 }],
                "throttleWriteIOPSDevice": [{ "major": 7, "minor": 0, "rate": 100 }]
              },
              "unified": { "memory.high": "50331648", "pids.max": "41", "memory.oom.group": "1" }
            }
            """);
        Result result = machine.Run("files", config, """
            truncate -s 1M /disk && losetup /dev/loop0 /disk
            littlebox-oci run -d -b /b/files files </dev/null >/dev/null 2>/dev/null || exit
            cd /sys/fs/cgroup/limits/files
            for file in memory.max memory.low memory.swap.max memory.high memory.oom.group pids.max cpu.weight cpu.max cpu.max.burst cpuset.cpus cpuset.mems hugetlb.2MB.max hugetlb.2MB.rsvd.max io.max; do
                [ -e $file ] && echo "$file: $(cat $file)"
            done
            echo "processes: $(wc -l <cgroup.procs)"
            littlebox-oci delete --force files
            [ -e . ] && ls -d /sys/fs/cgroup/limits/files
            losetup -d /dev/loop0
            """);
        Assert.Equal(
            [
                "memory.max: 67108864", "memory.low: 33554432", "memory.swap.max: 33554432", "memory.high: 50331648", "memory.oom.group: 1", "pids.max: 41", "cpu.weight: 100",
                "cpu.max: 50000 200000", "cpu.max.burst: 10000", "cpuset.cpus: 0", "cpuset.mems: 0", "hugetlb.2MB.max: 4194304", "hugetlb.2MB.rsvd.max: 4194304",
                "io.max: 7:0 rbps=1048576 wbps=max riops=max wiops=100", "processes: 1",
            ],
            result.Lines);
    }

    [Theory]
    [InlineData("\"pids\": { \"limit\": 0 }", "pids.max", "1")]
    [InlineData("\"pids\": { \"limit\": -1 }", "pids.max", "max")]
    [InlineData("\"cpu\": { \"shares\": 2 }", "cpu.weight", "1")]
    [InlineData("\"cpu\": { \"shares\": 262144 }", "cpu.weight", "10000")]
    [InlineData("\"cpu\": { \"idle\": 1 }", "cpu.idle", "1")]
    [InlineData("\"cpu\": { \"quota\": -1, \"period\": 50000 }", "cpu.max", "max 50000")]
    [InlineData("\"memory\": { \"limit\": -1 }", "memory.max", "max")]
    [InlineData("\"memory\": { \"limit\": 33554432, \"swap\": -1 }", "memory.swap.max", "max")]
    [InlineData("\"memory\": { \"limit\": 33554432, \"swap\": 33554432 }", "memory.swap.max", "0")]
    public void A_value_becomes_that_of_the_kernel(string resources, string file, string value)
    {
        Result result = machine.RunContainer("value", new Config("cat", $"/sys/fs/cgroup/{file}").In("/limits/value").With($"{{ {resources} }}"));
        Assert.Equal([value], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void The_weight_of_input_and_output_is_in_the_file_that_the_kernel_has()
    {
        Result result = machine.RunContainer("weight", Config.Shell("cat /sys/fs/cgroup/io.bfq.weight /sys/fs/cgroup/io.weight 2>/dev/null").In("/limits/weight").With("""{ "blockIO": { "weight": 500 } }"""));
        Assert.True(result.Output.Contains("default 500") || result.Output.Contains("default 4950"), result.ToString());
    }

    [Theory]
    [InlineData("\"memory\": { \"swappiness\": 10 }", "/linux/resources/memory/swappiness")]
    [InlineData("\"memory\": { \"kernelTCP\": 33554432 }", "/linux/resources/memory/kernelTCP")]
    [InlineData("\"memory\": { \"limit\": 33554432, \"disableOOMKiller\": true }", "/linux/resources/memory/disableOOMKiller")]
    [InlineData("\"cpu\": { \"realtimeRuntime\": 1000 }", "/linux/resources/cpu/realtimeRuntime")]
    [InlineData("\"network\": { \"classID\": 7 }", "/linux/resources/network/classID")]
    [InlineData("\"blockIO\": { \"leafWeight\": 100 }", "/linux/resources/blockIO/leafWeight")]
    [InlineData("\"unified\": { \"memory.nothing\": \"1\" }", "/linux/resources/unified/memory.nothing")]
    [InlineData("\"unified\": { \"nothing.max\": \"1\" }", "/linux/resources/unified/nothing.max")]
    [InlineData("\"hugepageLimits\": [{ \"pageSize\": \"3MB\", \"limit\": 1 }]", "/linux/resources/hugepageLimits/0")]
    [InlineData("\"cpu\": { \"cpus\": \"0-1000\" }", "/linux/resources/cpu/cpus")]
    [InlineData("\"rdma\": { \"mlx5_1\": { \"hcaHandles\": 3 } }", "/linux/resources/rdma/mlx5_1")]
    public void What_version_2_cannot_do_is_refused_and_nothing_is_left(string resources, string pointer)
    {
        machine.RunContainer("refused", new Config("true").In("/refused/limit").With($"{{ {resources} }}")).ExpectError(pointer);
        Assert.Equal("", machine.Run("ls -d /sys/fs/cgroup/refused /sys/fs/cgroup/refused/limit 2>/dev/null; littlebox-oci list -q").Output);
    }

    [Fact]
    public void Who_takes_more_memory_than_its_limit_is_killed()
    {
        Result result = machine.Run("memory", Config.Shell("tail /dev/zero; sleep 10000").In("/limits/memory").With("""{ "memory": { "limit": 16777216, "swap": 16777216 } }"""), """
            littlebox-oci run -d -b /b/memory memory </dev/null >/dev/null 2>/dev/null || exit
            tries=0
            until grep -q '^oom_kill [1-9]' /sys/fs/cgroup/limits/memory/memory.events || [ $tries = 300 ]; do sleep 0.1; tries=$((tries + 1)); done
            grep '^oom_kill ' /sys/fs/cgroup/limits/memory/memory.events | tr 1-9 x
            [ "$(cat /sys/fs/cgroup/limits/memory/memory.peak 2>/dev/null || echo 0)" -le 16777216 ] && echo within
            littlebox-oci delete --force memory
            """);
        Assert.Equal(["oom_kill x", "within"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void A_program_that_is_killed_for_memory_ends_with_137() =>
        machine.RunContainer("oom", Config.Shell("exec tail /dev/zero").In("/limits/oom").With("""{ "memory": { "limit": 16777216, "swap": 16777216 } }""")).ExpectExit(137);

    [Theory]
    [InlineData(8)]
    [InlineData(0)]
    public void A_fork_bomb_stops_at_the_limit_of_processes(int limit)
    {
        Config config = Config.Shell("bomb() { bomb | bomb & }; bomb; while :; do :; done").In("/limits/bomb").With($$"""{ "pids": { "limit": {{limit}} } }""");
        Result result = machine.Run("bomb", config, """
            littlebox-oci run -d -b /b/bomb bomb </dev/null >/dev/null 2>/dev/null || exit
            tries=0
            until grep -q 'max [1-9]' /sys/fs/cgroup/limits/bomb/pids.events || [ $tries = 300 ]; do sleep 0.1; tries=$((tries + 1)); done
            grep -q 'max [1-9]' /sys/fs/cgroup/limits/bomb/pids.events && echo stopped
            cat /sys/fs/cgroup/limits/bomb/pids.peak /sys/fs/cgroup/limits/bomb/pids.current 2>/dev/null | sort -n | tail -n 1
            littlebox-oci delete --force bomb
            """).ExpectSuccess();
        Assert.Equal("stopped", result.Lines[0]);
        Assert.InRange(int.Parse(result.Lines[1]), 1, Math.Max(limit, 1));
    }

    [Fact]
    public void Processor_time_is_throttled()
    {
        Result result = machine.Run("cpu", Config.Shell("while :; do :; done").In("/limits/cpu").With("""{ "cpu": { "quota": 5000, "period": 100000 } }"""), """
            littlebox-oci run -d -b /b/cpu cpu </dev/null >/dev/null 2>/dev/null || exit
            tries=0
            until grep -q '^nr_throttled [1-9]' /sys/fs/cgroup/limits/cpu/cpu.stat || [ $tries = 300 ]; do sleep 0.1; tries=$((tries + 1)); done
            grep -q '^nr_throttled [1-9]' /sys/fs/cgroup/limits/cpu/cpu.stat && echo throttled
            littlebox-oci delete --force cpu
            """);
        Assert.Equal(["throttled"], result.ExpectSuccess().Lines);
    }

    [Fact]
    public void Limits_are_changed_while_the_container_runs()
    {
        Result result = machine.Run("update", Config.Sleeper.In("/limits/update").With("""{ "memory": { "limit": 67108864 } }"""), """
            littlebox-oci run -d -b /b/update update </dev/null >/dev/null 2>/dev/null || exit
            cd /sys/fs/cgroup/limits/update
            littlebox-oci update --memory 33554432 --pids-limit 7 --cpu-quota 20000 --cpu-period 50000 --cpu-share 512 update
            cat memory.max pids.max cpu.max cpu.weight
            echo '{ "memory": { "limit": 50331648 }, "cpu": { "cpus": "1" } }' | littlebox-oci update --resources - update
            cat memory.max cpuset.cpus pids.max
            littlebox-oci events --stats update | grep -o '"limit":7' | head -n 1
            cd /
            littlebox-oci delete --force update
            """);
        Assert.Equal(["33554432", "7", "20000 50000", "59", "50331648", "1", "7", "\"limit\":7"], result.ExpectSuccess().Lines);
    }
}
