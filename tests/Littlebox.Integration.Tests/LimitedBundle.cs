using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Littlebox.Integration.Tests;

/// <summary>
/// A bundle whose containers have cgroups below one of the test's own, and littlebox-oci with a store of its own. Disposing of it deletes its containers and
/// that cgroup. The files of cgroups are found by what the machine has: version 1, version 2 or both.
/// </summary>
public sealed class LimitedBundle : IDisposable
{
    private static int count;

    private readonly HashSet<string> containers = new(StringComparer.Ordinal);

    /// <summary>Makes it.</summary>
    public LimitedBundle()
    {
        Assert.SkipUnless(Littlebox.Linux.Kernel.EffectiveUid == 0, "only root may make cgroups here");
        Sandbox.MakeRoot("bundle/rootfs");
        Config = JsonNode.Parse("""
            {
              "ociVersion": "1.2.0",
              "root": { "path": "rootfs" },
              "process": {
                "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["sleep", "1000"], "env": ["PATH=/bin"],
                "capabilities": { "bounding": ["CAP_KILL", "CAP_MKNOD", "CAP_SYSLOG"], "effective": ["CAP_KILL", "CAP_MKNOD", "CAP_SYSLOG"], "permitted": ["CAP_KILL", "CAP_MKNOD", "CAP_SYSLOG"] }
              },
              "mounts": [
                { "destination": "/proc", "type": "proc", "source": "proc" },
                { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] },
                { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] },
                { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"] }
              ],
              "linux": {
                "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "cgroup" }],
                "resources": {}
              }
            }
            """)!.AsObject();
        Linux["cgroupsPath"] = $"/{Parent}/box";
    }

    /// <summary>The cgroup above those of the containers: a name at the top of each hierarchy.</summary>
    public string Parent { get; } = string.Create(CultureInfo.InvariantCulture, $"oci-test-{Environment.ProcessId}-{Interlocked.Increment(ref count)}");

    /// <summary>Its directory: <c>bundle</c>, <c>state</c>, and what a test puts there.</summary>
    public Sandbox Sandbox { get; } = new();

    /// <summary>The document; written by <see cref="Write"/> and whatever calls it.</summary>
    public JsonObject Config { get; }

    /// <summary>Its part <c>linux</c>.</summary>
    public JsonObject Linux => Config["linux"]!.AsObject();

    /// <summary>True where the machine has version 2 and nothing else.</summary>
    public static bool IsUnified { get; } = File.Exists("/sys/fs/cgroup/cgroup.controllers");

    /// <summary>True where a controller is in version 1 here.</summary>
    public static bool HasLegacy(string controller) => File.ReadAllLines("/proc/self/cgroup").Any(line => line.Split(':')[1].Split(',').Contains(controller)) && !IsUnified;

    /// <summary>Takes a namespace out of the document.</summary>
    public void Without(string type)
    {
        JsonArray namespaces = Linux["namespaces"]!.AsArray();
        namespaces.Remove(namespaces.Single(entry => (string)entry!["type"]! == type));
    }

    /// <summary>Sets <c>linux.resources</c>.</summary>
    public LimitedBundle Limit(string json)
    {
        Linux["resources"] = JsonNode.Parse(json);
        return this;
    }

    /// <summary>Writes config.json, with another command where one is given.</summary>
    public void Write(params string[] command)
    {
        if (command.Length > 0) Config["process"]!["args"] = new JsonArray([.. command.Select(static word => (JsonNode)word)]);
        Sandbox.Write("bundle/config.json", Config.ToJsonString());
    }

    /// <summary>Creates a container.</summary>
    public void Create(string id, params string[] command)
    {
        Write(command);
        containers.Add(id);
        // What it leaves behind must not hold the pipes of the test.
        Program.Bash($"{NativeBinary.OciLocation} --root {Sandbox["state"]} create --bundle {Sandbox["bundle"]} {id} </dev/null >/dev/null 2>{Sandbox["errors"]} || {{ cat {Sandbox["errors"]} >&2; exit 1; }}").ExpectSuccess();
    }

    /// <summary>Creates and starts a container.</summary>
    public void Start(string id, params string[] command)
    {
        Create(id, command);
        Oci("start", id).ExpectSuccess();
    }

    /// <summary>Runs a shell script in a container, in the foreground.</summary>
    public RunResult Run(string script)
    {
        Write("sh", "-c", script);
        return Oci("run", "--bundle", Sandbox["bundle"], "run");
    }

    /// <summary>Runs littlebox-oci.</summary>
    public RunResult Oci(params string[] arguments) => Program.Run(NativeBinary.OciLocation, ["--root", Sandbox["state"], .. arguments]);

    /// <summary>Runs littlebox-oci with an input.</summary>
    public RunResult OciWith(string input, params string[] arguments) => Program.Run(NativeBinary.OciLocation, ["--root", Sandbox["state"], .. arguments], input);

    /// <summary>The word for the state of a container.</summary>
    public string Status(string id) => JsonDocument.Parse(Oci("state", id).ExpectSuccess().Output).RootElement.GetProperty("status").GetString()!;

    /// <summary>The first process of a container.</summary>
    public int Pid(string id) => JsonDocument.Parse(Oci("state", id).ExpectSuccess().Output).RootElement.GetProperty("pid").GetInt32();

    /// <summary>The directory of a container's cgroup that has a controller, as its record says.</summary>
    public string CGroup(string id, string controller)
    {
        JsonElement paths = JsonDocument.Parse(File.ReadAllText($"{Sandbox["state"]}/{id}/state.json")).RootElement.GetProperty("cgroups");
        return (paths.TryGetProperty(controller, out JsonElement path) ? path : paths.GetProperty("")).GetString()!;
    }

    /// <summary>What a file of a container's cgroup holds: of the controller and file of version 1, or of the file of version 2.</summary>
    public string Read(string id, string controller, string legacy, string unified)
    {
        string directory = CGroup(id, controller);
        return File.ReadAllText($"{directory}/{(HasLegacy(controller) ? legacy : unified)}").Trim();
    }

    /// <summary>The directories of the test's own cgroup that are there.</summary>
    public IEnumerable<string> Left() => Directory.EnumerateDirectories("/sys/fs/cgroup", Parent, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .SelectMany(path => Directory.GetDirectories(path));

    /// <summary>Waits until something is so.</summary>
    public static void Await(Func<bool> condition, string what)
    {
        long deadline = Environment.TickCount64 + 20_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, $"not in 20 s: {what}");
            Thread.Sleep(5);
        }
    }

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
        foreach (string hierarchy in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
        {
            if (Directory.Exists($"{hierarchy}/{Parent}")) Program.Run("find", [$"{hierarchy}/{Parent}", "-depth", "-type", "d", "-delete"]);
        }
        Sandbox.Dispose();
    }
}
