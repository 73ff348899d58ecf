using System.Text.Json.Nodes;

namespace Littlebox.Kernel.Integration.Tests;

/// <summary>Device rules of version 2 are eBPF programs: the kernel loads them, and a container runs into them.</summary>
[Collection("6.1, cgroup v2")]
public sealed class DeviceTests(UnifiedMachine machine)
{
    // 1:5 is zero, 10:229 is fuse, about which no default rule is; 7:0 the first loop device.
    private const string Probe = """
        cd /dev
        say() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }
        echo "mknod zero $(say mknod x c 1 5)"
        echo "mknod loop $(say mknod y b 7 0)"
        echo "read zero $(say head -c 1 zero)"
        echo "write null $(say sh -c ': >null')"
        echo "read fuse $(say sh -c ': <fuse')"
        echo "write fuse $(say sh -c ': >fuse')"
        echo "read loop $(say sh -c ': <loop')"
        """;

    // The default rules of all runtimes let every device be made: what counts is who may open it.
    [Fact]
    public void What_is_not_allowed_cannot_be_opened() => Assert.Equal(
        ["mknod zero yes", "mknod loop yes", "read zero yes", "write null yes", "read fuse no", "write fuse no", "read loop no"],
        Run("denied", """[{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 1, "minor": 5, "access": "rwm" }]"""));

    [Fact]
    public void What_is_allowed_is_allowed_for_this_and_no_more() => Assert.Equal(
        ["mknod zero yes", "mknod loop yes", "read zero yes", "write null yes", "read fuse yes", "write fuse no", "read loop yes"],
        Run("allowed", """
            [
              { "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 1, "minor": 5, "access": "rwm" },
              { "allow": true, "type": "c", "major": 10, "minor": 229, "access": "r" }, { "allow": true, "type": "b", "major": 7, "access": "r" }
            ]
            """));

    [Fact]
    public void The_last_rule_about_a_device_counts() => Assert.Equal(
        ["mknod zero yes", "mknod loop yes", "read zero yes", "write null yes", "read fuse no", "write fuse no", "read loop yes"],
        Run("last", """[{ "allow": true, "access": "rwm" }, { "allow": false, "type": "c", "major": 10, "minor": 229, "access": "rwm" }]"""));

    private string[] Run(string name, string rules)
    {
        Config config = Config.Shell(Probe).In("/devices/" + name).With($$"""{ "devices": {{rules}} }""");
        config.Set(static linux => linux["devices"] = JsonNode.Parse("""
            [{ "path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438 }, { "path": "/dev/loop", "type": "b", "major": 7, "minor": 0, "fileMode": 438 }]
            """));
        return machine.RunContainer(name, config).ExpectSuccess().Lines;
    }
}
