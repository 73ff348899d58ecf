using System.Text.Json.Nodes;
using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary><c>linux.namespaces</c>, <c>timeOffsets</c>, <c>uidMappings</c>, <c>netDevices</c> and <c>sysctl</c>, seen from inside.</summary>
public sealed class NamespaceTests : IDisposable
{
    private static readonly (string Type, string File)[] Kinds =
        [("pid", "pid"), ("network", "net"), ("mount", "mnt"), ("ipc", "ipc"), ("uts", "uts"), ("user", "user"), ("cgroup", "cgroup"), ("time", "time")];

    private readonly Bundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void All_eight_namespaces_are_new_where_the_document_asks_for_them()
    {
        bundle.UserNamespace().Namespace("time").Script($"cd /proc/self/ns; for kind in {string.Join(' ', Kinds.Select(static kind => kind.File))}; do readlink $kind; done");
        string[] inside = bundle.Run().ExpectSuccess().Lines;
        Assert.Equal(8, inside.Length);
        foreach (string link in inside) Assert.NotEqual(Littlebox.Linux.Kernel.TryReadLink($"/proc/self/ns/{link.Split(':')[0]}"), link);
    }

    [Theory]
    [InlineData("pid")]
    [InlineData("network")]
    [InlineData("ipc")]
    [InlineData("uts")]
    [InlineData("user")]
    [InlineData("cgroup")]
    [InlineData("time")]
    [InlineData("mount")]
    public void A_namespace_is_joined_by_its_path(string type)
    {
        string file = Kinds.Single(kind => kind.Type == type).File;
        using RunningProgram holder = Holder(out int pid);
        // What lives in a user namespace must own what is joined with it.
        if (type != "user") bundle.Script($"readlink /proc/self/ns/{file}");
        else bundle.Script("readlink /proc/self/ns/user; cat /proc/self/uid_map");
        bundle.Namespace(type, $"/proc/{pid}/ns/{file}");
        Assert.Equal(Littlebox.Linux.Kernel.TryReadLink($"/proc/{pid}/ns/{file}"), bundle.Run().ExpectSuccess().Lines[0]);
    }

    [Fact]
    public void A_joined_pid_namespace_is_what_proc_shows_in_a_joined_user_namespace_too()
    {
        using RunningProgram holder = Holder(out int pid);
        bundle.Namespace("user", $"/proc/{pid}/ns/user").Namespace("pid", $"/proc/{pid}/ns/pid").Script("cat /proc/1/comm; ls -d /proc/[0-9]* | wc -l");
        string[] lines = bundle.Run().ExpectSuccess().Lines;
        Assert.Equal("sleep", lines[0]);
        Assert.True(int.Parse(lines[1]) < 8, $"processes of the host are seen: {lines[1]}");
    }

    [Fact]
    public void Clocks_begin_where_the_document_says_and_stay()
    {
        bundle.Namespace("time").UserNamespace().Linux["timeOffsets"] = JsonNode.Parse("""{ "monotonic": { "secs": 7200, "nanosecs": 5 }, "boottime": { "secs": 8640000 } }""");
        bundle.Script("cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime; echo monotonic 0 0 2>/dev/null > /proc/self/timens_offsets || echo frozen");
        string[] lines = bundle.Run().Lines;
        Assert.Equal(["monotonic", "7200", "5"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["boottime", "8640000", "0"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(long.Parse(lines[2]) > 8_640_000);
        Assert.Equal("frozen", lines[3]);
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { """{ "namespaces": [{ "type": "mount" }, { "type": "pid" }, { "type": "pid" }] }""", "/linux/namespaces/2/type", "second" },
        { """{ "namespaces": [{ "type": "uts" }, { "type": "user" }] }""", "/linux/namespaces", "mount" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network", "path": "relative" }] }""", "/linux/namespaces/2/path", "absolute" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network", "path": "/nowhere" }] }""", "/linux/namespaces/2/path", "/nowhere" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network", "path": "/proc/self/ns/pid" }] }""", "/linux/namespaces/2/path", "network" },
        { """{ "namespaces": [{ "type": "uts" }, { "type": "mount", "path": "/proc/self/ns/mnt" }] }""", "/linux/namespaces/1/path", "runtime's own" },
        { """{ "namespaces": [{ "type": "mount" }] }""", "/hostname", "uts" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "user" }] }""", "/linux/uidMappings", "nothing" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }], "uidMappings": [{ "containerID": 0, "hostID": 1, "size": 1 }] }""", "/linux/uidMappings", "without a user namespace" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "user" }], "uidMappings": [{ "containerID": 0, "hostID": 1, "size": 0 }], "gidMappings": [{ "containerID": 0, "hostID": 1, "size": 1 }] }""", "/linux/uidMappings/0/size", "0" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "user" }], "uidMappings": [{ "containerID": 0, "hostID": 1, "size": 5 }, { "containerID": 4, "hostID": 100, "size": 1 }], "gidMappings": [{ "containerID": 0, "hostID": 1, "size": 1 }] }""", "/linux/uidMappings/1/containerID", "each id of the container once" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "user" }], "uidMappings": [{ "containerID": 0, "hostID": 4294967295, "size": 1 }], "gidMappings": [{ "containerID": 0, "hostID": 1, "size": 1 }] }""", "/linux/uidMappings/0/hostID", "4294967294" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "user", "path": "/proc/1/ns/user" }], "uidMappings": [{ "containerID": 0, "hostID": 1, "size": 1 }] }""", "/linux/uidMappings", "exists already" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "user" }], "uidMappings": [{ "containerID": 1, "hostID": 1, "size": 1 }], "gidMappings": [{ "containerID": 0, "hostID": 1, "size": 1 }] }""", "/linux/uidMappings", "no mapping of containerID 0" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }], "timeOffsets": { "monotonic": { "secs": 1 } } }""", "/linux/timeOffsets", "time namespace" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "time" }], "timeOffsets": { "realtime": { "secs": 1 } } }""", "/linux/timeOffsets/realtime", "monotonic" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "time" }], "timeOffsets": { "monotonic": { "nanosecs": 1000000000 } } }""", "/linux/timeOffsets/monotonic/nanosecs", "999999999" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "time" }], "timeOffsets": { "monotonic": { "secs": -999999999 } } }""", "/linux/timeOffsets", "before its beginning" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }], "netDevices": { "eth9": {} } }""", "/linux/netDevices", "network namespace" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network" }], "netDevices": { "a/b": {} } }""", "/linux/netDevices/a~1b", "1 to 15" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network" }], "netDevices": { "nosuch0": { "name": "sixteen-letters-" } } }""", "/linux/netDevices/nosuch0/name", "1 to 15" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network" }], "netDevices": { "nosuch0": {} } }""", "/linux/netDevices/nosuch0", "lo" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network" }], "sysctl": { "kernel.core_pattern": "|/bin/sh" } }""", "/linux/sysctl/kernel.core_pattern", "no namespace" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }], "sysctl": { "net.ipv4.ip_forward": "1" } }""", "/linux/sysctl/net.ipv4.ip_forward", "network" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network", "path": "/proc/self/ns/net" }], "sysctl": { "net.ipv4.ip_forward": "1" } }""", "/linux/sysctl/net.ipv4.ip_forward", "runtime's own" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }], "sysctl": { "kernel.hostname": "x" } }""", "/linux/sysctl/kernel.hostname", "/hostname" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "ipc" }], "sysctl": { "kernel.shmmax": "1\nkernel.core_pattern=x" } }""", "/linux/sysctl/kernel.shmmax", "one line" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network" }], "sysctl": { "net/../kernel/core_pattern": "x" } }""", "/linux/sysctl/net~1..~1kernel~1core_pattern", "name beneath" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }, { "type": "network" }], "sysctl": { "net.nosuch": "1" } }""", "/linux/sysctl/net.nosuch", "no sysctl" },
        { """{ "namespaces": [{ "type": "mount" }, { "type": "uts" }], "sysctl": { "user.max_user_namespaces": "7" } }""", "/linux/sysctl/user.max_user_namespaces", "user" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_is_refused_with_its_place_and_nothing_is_left(string linux, string pointer, string word)
    {
        using var leaks = new LeakCheck(bundle.State);
        bundle.Config["linux"] = JsonNode.Parse(linux);
        RunResult result = bundle.Run().ExpectExit(1);
        Assert.Contains(pointer, result.Errors, StringComparison.Ordinal);
        Assert.Contains(word, result.Errors, StringComparison.Ordinal);
        leaks.Compare();
    }

    [Fact]
    public void Sysctls_are_the_container_s_own_with_dots_or_slashes()
    {
        string before = File.ReadAllText("/proc/sys/net/ipv4/ip_forward") + File.ReadAllText("/proc/sys/kernel/domainname") + File.ReadAllText("/proc/sys/kernel/msgmax");
        bundle.Linux["sysctl"] = JsonNode.Parse("""{ "net/ipv4/ip_forward": "1", "kernel.domainname": "of.the.container", "kernel.msgmax": "4321", "net.ipv4.conf.lo.rp_filter": "2" }""");
        bundle.Script("cd /proc/sys; cat net/ipv4/ip_forward kernel/domainname kernel/msgmax net/ipv4/conf/lo/rp_filter");
        Assert.Equal(["1", "of.the.container", "4321", "2"], bundle.Run().ExpectSuccess().Lines);
        Assert.Equal(before, File.ReadAllText("/proc/sys/net/ipv4/ip_forward") + File.ReadAllText("/proc/sys/kernel/domainname") + File.ReadAllText("/proc/sys/kernel/msgmax"));
    }

    [Theory]
    [InlineData("inner0", "inner0")]
    [InlineData("pre%d", "pre0")]
    [InlineData(null, "moved0")]
    public void A_network_device_is_moved_with_its_addresses_and_is_up(string? name, string inside)
    {
        bundle.Linux["netDevices"] = new JsonObject { ["moved0"] = name is null ? [] : new JsonObject { ["name"] = name } };
        bundle.Script($"ip addr show {inside}; ls /sys/class/net").Save();
        RunResult result = InNetwork(Runtimes.Tested, "ip link show moved0 2>&1 || true");
        Assert.Contains("inet 10.98.7.1/24", result.Output, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00:98::1/64", result.Output, StringComparison.Ordinal);
        Assert.Contains("mtu 1400", result.Output, StringComparison.Ordinal);
        Assert.Matches($"{inside}@.*[<,]UP", result.Output);
        Assert.DoesNotContain("10.99.", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"moved0\" does not exist", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_device_is_back_with_its_addresses_when_the_container_fails()
    {
        bundle.Linux["netDevices"] = JsonNode.Parse("""{ "moved0": { "name": "inner0" } }""");
        bundle.Config["process"]!["args"] = new JsonArray("/not/there");
        bundle.Save();
        RunResult result = InNetwork("! " + Runtimes.Tested, "ip addr show moved0");
        Assert.Contains("inet 10.98.7.1/24", result.Output, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00:98::1/64", result.Output, StringComparison.Ordinal);
        Assert.Matches("moved0@.*[<,]UP", result.Output);
    }

    // A network namespace of the test's own, with a device to move: global addresses, and one of the link only, which stays behind.
    private RunResult InNetwork(string runtime, string after) => Program.Run("unshare", ["--net", "bash", "-euc",
        $"ip link set lo up; ip link add moved0 type veth peer name other0; ip addr add 10.98.7.1/24 dev moved0; ip addr add fd00:98::1/64 dev moved0 nodad; ip addr add 10.99.0.1/24 scope link dev moved0; ip link set moved0 mtu 1400 up; ip link set other0 up; {runtime} --root '{bundle.State}' run --bundle '{bundle.Path}' moves; {after}"]);

    // A process in new namespaces of every kind, with ids of its own.
    private static RunningProgram Holder(out int pid)
    {
        RunningProgram holder = Program.Start("unshare", ["--user", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts", "--cgroup", "--time", "--mount", "--propagation", "private", "sleep", "1000"]);
        int? child = null;
        for (int tries = 0; tries < 500 && child is null; tries++)
        {
            Thread.Sleep(10);
            foreach (string candidate in File.ReadAllText($"/proc/{holder.Id}/task/{holder.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (File.ReadAllText($"/proc/{candidate}/comm").Trim() == "sleep") child = int.Parse(candidate);
            }
        }
        pid = child ?? throw new InvalidOperationException("unshare has started nothing");
        File.WriteAllText($"/proc/{pid}/uid_map", "0 100000 65536\n");
        File.WriteAllText($"/proc/{pid}/gid_map", "0 100000 65536\n");
        return holder;
    }
}
