using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>A bundle with a root of busybox, and littlebox-oci with a store of its own. Disposing of it deletes its containers.</summary>
public sealed class OciBundle : IDisposable
{
    private static int count;

    private readonly HashSet<string> containers = new(StringComparer.Ordinal);

    /// <summary>Makes it.</summary>
    public OciBundle()
    {
        Sandbox.MakeRoot("bundle/rootfs");
        Config = JsonNode.Parse("""
            {
              "ociVersion": "1.2.0",
              "root": { "path": "rootfs" },
              "hostname": "bundled",
              "process": {
                "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["sleep", "1000"], "env": ["PATH=/bin"],
                "capabilities": { "bounding": ["CAP_KILL", "CAP_CHOWN"], "effective": ["CAP_KILL", "CAP_CHOWN"], "permitted": ["CAP_KILL", "CAP_CHOWN"] },
                "noNewPrivileges": true
              },
              "mounts": [
                { "destination": "/proc", "type": "proc", "source": "proc" },
                { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
                { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] },
                { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] }
              ],
              "linux": {
                "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "cgroup" }],
                "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"]
              }
            }
            """)!.AsObject();
        // Without it the cgroup would be named by the container's id, and tests that run at the same time elsewhere on this machine would meet there.
        Linux["cgroupsPath"] = string.Create(CultureInfo.InvariantCulture, $"/oci-bundle-{Environment.ProcessId}-{Interlocked.Increment(ref count)}");
    }

    /// <summary>The program under test.</summary>
    public static string Binary => NativeBinary.OciLocation;

    /// <summary>Its directory: <c>bundle</c>, <c>state</c>, and what a test puts there.</summary>
    public Sandbox Sandbox { get; } = new();

    /// <summary>The document; written by <see cref="Write"/> and whatever calls it.</summary>
    public JsonObject Config { get; }

    /// <summary>Its part <c>process</c>.</summary>
    public JsonObject Process => Config["process"]!.AsObject();

    /// <summary>Its part <c>linux</c>.</summary>
    public JsonObject Linux => Config["linux"]!.AsObject();

    /// <summary>Writes config.json, with another command where one is given.</summary>
    public void Write(params string[] command)
    {
        if (command.Length > 0) Process["args"] = new JsonArray([.. command.Select(static word => (JsonNode)word)]);
        Sandbox.Write("bundle/config.json", Config.ToJsonString());
    }

    /// <summary>Creates and starts a container.</summary>
    public void Start(string id, params string[] command)
    {
        Write(command);
        // What it leaves behind must not hold the pipes of the test.
        containers.Add(id);
        Program.Bash($"{Binary} --root {Sandbox["state"]} create --bundle {Sandbox["bundle"]} {id} </dev/null >/dev/null 2>{Sandbox["errors"]} || {{ cat {Sandbox["errors"]} >&2; exit 1; }}").ExpectSuccess();
        Oci("start", id).ExpectSuccess();
    }

    /// <summary>Runs a container in the foreground.</summary>
    public RunResult Run(params string[] command)
    {
        Write(command);
        return Oci("run", "--bundle", Sandbox["bundle"], "run");
    }

    /// <summary>Absolute path of the bundle.</summary>
    public string Bundle => Sandbox["bundle"];

    /// <summary>Absolute path of the store.</summary>
    public string Store => Sandbox["state"];

    /// <summary>A list of strings as JSON.</summary>
    public static JsonArray Words(params string[] words) => new([.. words.Select(static word => (JsonNode)word)]);

    /// <summary>Creates a container with <c>create</c>, or <c>run --detach</c>, from config.json as it was written; what it prints goes to files, as the container keeps them open.</summary>
    public RunResult Create(string id, string verb = "create", params string[] options)
    {
        containers.Add(id);
        return Program.Bash($"code=0; {Binary} --root {Store} {verb} {string.Join(' ', options)} --bundle {Bundle} {id} </dev/null >{Sandbox["output"]} 2>{Sandbox["errors"]} || code=$?; cat {Sandbox["output"]}; cat {Sandbox["errors"]} >&2; exit $code");
    }

    /// <summary>The status of a container.</summary>
    public string Status(string id) => State(id).GetProperty("status").GetString()!;

    /// <summary>Waits until a container has a status.</summary>
    public void AwaitStatus(string id, string status)
    {
        for (int tries = 0; tries < 1000 && Status(id) != status; tries++) Thread.Sleep(10);
        Assert.Equal(status, Status(id));
    }

    /// <summary>Runs littlebox-oci.</summary>
    public RunResult Oci(params string[] arguments) => Program.Run(Binary, ["--root", Sandbox["state"], .. arguments]);

    /// <summary>Starts littlebox-oci and leaves it running.</summary>
    public RunningProgram StartOci(params string[] arguments) => Program.Start(Binary, ["--root", Sandbox["state"], .. arguments]);

    /// <summary>What <c>state</c> prints of a container.</summary>
    public JsonElement State(string id) => JsonDocument.Parse(Oci("state", id).ExpectSuccess().Output).RootElement;

    /// <summary>Deletes a container, whatever it does.</summary>
    public void Delete(string id)
    {
        containers.Remove(id);
        Oci("delete", "--force", id).ExpectSuccess();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string id in containers) Oci("delete", "--force", id);
        Sandbox.Dispose();
    }
}
