using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>littlebox-oci as an ordinary user to whom no cgroup is delegated: what asks for no limit runs, and a limit is refused in clear words.</summary>
public sealed class OciRootlessLimitTests : IDisposable
{
    private readonly OrdinaryUser user = new();
    private readonly Sandbox sandbox = new();
    private readonly JsonObject config;

    public OciRootlessLimitTests()
    {
        sandbox.MakeRoot("bundle/rootfs");
        config = JsonNode.Parse($$"""
            {
              "ociVersion": "1.2.0",
              "root": { "path": "rootfs" },
              "process": { "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["echo", "ran"], "env": ["PATH=/bin"] },
              "mounts": [{ "destination": "/proc", "type": "proc", "source": "proc" }],
              "linux": {
                "namespaces": [{ "type": "pid" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "user" }],
                "uidMappings": [{ "containerID": 0, "hostID": {{OrdinaryUser.Id}}, "size": 1 }], "gidMappings": [{ "containerID": 0, "hostID": {{OrdinaryUser.Id}}, "size": 1 }]
              }
            }
            """)!.AsObject();
    }

    public void Dispose()
    {
        user.Dispose();
        sandbox.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{ "devices": [{ "allow": false, "access": "rwm" }] }""")]
    [InlineData("""{ "memory": { "limit": 0 }, "cpu": { "shares": 0, "quota": 0, "period": 0 }, "blockIO": { "weight": 0 } }""")]
    public void What_asks_for_no_limit_runs_without_a_cgroup_of_its_own(string? resources)
    {
        config["linux"]!["resources"] = resources is null ? null : JsonNode.Parse(resources);
        Assert.Equal(["ran"], Run().ExpectSuccess().Lines);
    }

    [Theory]
    [InlineData("""{ "memory": { "limit": 67108864 } }""", "/linux/resources/memory/limit", "memory")]
    [InlineData("""{ "pids": { "limit": 100 } }""", "/linux/resources/pids/limit", "pids")]
    [InlineData("""{ "pids": { "limit": 0 } }""", "/linux/resources/pids/limit", "pids")]
    public void A_limit_is_refused_with_its_field_its_controller_the_cause_and_the_remedy(string resources, string pointer, string controller)
    {
        config["linux"]!["resources"] = JsonNode.Parse(resources);
        string errors = Run().ExpectExit(1).Errors;
        Assert.Contains($"{pointer} cannot be enforced", errors, StringComparison.Ordinal);
        Assert.Contains(controller, errors, StringComparison.Ordinal);
        Assert.Contains("this user may not make cgroups there; have a cgroup delegated", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cgroup_that_is_named_is_an_error_where_it_cannot_be_made()
    {
        config["linux"]!["cgroupsPath"] = "/somewhere/box";
        Assert.Contains("this user may not make cgroups there", Run().ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_says_that_he_is_not_rootless_gets_no_container_without_cgroups()
    {
        Assert.Contains("this user may not make cgroups there", Run("--rootless", "false").ExpectExit(1).Errors, StringComparison.Ordinal);
        Assert.Equal(["ran"], Run("--rootless=true").ExpectSuccess().Lines);
        Assert.Contains("--rootless", Run("--rootless", "maybe").ExpectExit(1).Errors, StringComparison.Ordinal);
    }

    private RunResult Run(params string[] flags)
    {
        sandbox.Write("bundle/config.json", config.ToJsonString());
        Program.Run("chown", ["-R", "-h", $"{OrdinaryUser.Id}:{OrdinaryUser.Id}", sandbox["bundle"]]).ExpectSuccess();
        return user.RunProgram(NativeBinary.OciLocation, ["--root", user.Home + "/state", .. flags, "run", "--bundle", sandbox["bundle"], "plain"]);
    }
}
