using System.Text.Json.Nodes;

namespace Littlebox.Kernel.Integration.Tests;

/// <summary>A config.json in the making: the container that engines ask for by default, on a root file system of busybox.</summary>
public sealed class Config
{
    /// <summary>Makes it.</summary>
    /// <param name="arguments">The program and its arguments.</param>
    public Config(params string[] arguments) => Document["process"]!["args"] = new JsonArray([.. arguments.Select(static word => JsonValue.Create(word))]);

    /// <summary>The document.</summary>
    public JsonObject Document { get; } = JsonNode.Parse("""
        {
          "ociVersion": "1.2.0",
          "root": { "path": "/rootfs", "readonly": true },
          "hostname": "box",
          "process": {
            "user": { "uid": 0, "gid": 0 }, "cwd": "/", "env": ["PATH=/bin"], "noNewPrivileges": true,
            "capabilities": {
              "bounding": ["CAP_KILL", "CAP_MKNOD", "CAP_SETUID", "CAP_SETGID", "CAP_CHOWN"],
              "permitted": ["CAP_KILL", "CAP_MKNOD", "CAP_SETUID", "CAP_SETGID", "CAP_CHOWN"],
              "effective": ["CAP_KILL", "CAP_MKNOD", "CAP_SETUID", "CAP_SETGID", "CAP_CHOWN"]
            }
          },
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] },
            { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["mode=1777"] },
            { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] },
            { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"] }
          ],
          "linux": {
            "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "cgroup" }],
            "maskedPaths": ["/proc/kcore", "/proc/keys", "/sys/firmware"], "readonlyPaths": ["/proc/sys", "/proc/sysrq-trigger"]
          }
        }
        """)!.AsObject();

    /// <summary>A container that runs a shell script.</summary>
    public static Config Shell(string script) => new("sh", "-c", script);

    /// <summary>A container that does nothing, for long.</summary>
    public static Config Sleeper => new("sleep", "10000");

    /// <summary>Sets <c>linux.resources</c>.</summary>
    public Config With(string resources) => Set(linux => linux["resources"] = JsonNode.Parse(resources));

    /// <summary>Sets <c>linux.cgroupsPath</c>.</summary>
    public Config In(string path) => Set(linux => linux["cgroupsPath"] = path);

    /// <summary>Changes <c>linux</c>.</summary>
    public Config Set(Action<JsonObject> change)
    {
        change(Document["linux"]!.AsObject());
        return this;
    }

    /// <summary>Makes it what an ordinary user can run: in a user namespace in which only he is, as root.</summary>
    public Config Rootless(int uid)
    {
        JsonArray mounts = Document["mounts"]!.AsArray();
        // A group that does not exist there cannot own a terminal.
        mounts[2]!["options"] = new JsonArray("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620");
        return Set(linux =>
        {
            linux["namespaces"]!.AsArray().Add(JsonNode.Parse("""{ "type": "user" }"""));
            linux["uidMappings"] = JsonNode.Parse($$"""[{ "containerID": 0, "hostID": {{uid}}, "size": 1 }]""");
            linux["gidMappings"] = JsonNode.Parse($$"""[{ "containerID": 0, "hostID": {{uid}}, "size": 1 }]""");
        });
    }
}
