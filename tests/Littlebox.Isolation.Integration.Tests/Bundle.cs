using System.Text.Json.Nodes;
using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary>A bundle with a small root, as an engine would write it, and the runtime that runs it; removed with everything of it.</summary>
public sealed class Bundle : IDisposable
{
    private readonly Sandbox sandbox = new();
    private int started;

    /// <summary>Makes it.</summary>
    public Bundle()
    {
        sandbox.MakeRoot("bundle/rootfs");
        Config = JsonNode.Parse("""
            {
              "ociVersion": "1.0.2",
              "root": { "path": "rootfs" },
              "hostname": "bundled",
              "process": {
                "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["/bin/true"], "env": ["PATH=/bin"],
                "capabilities": { "bounding": ["CAP_KILL", "CAP_CHOWN"], "effective": ["CAP_KILL", "CAP_CHOWN"], "permitted": ["CAP_KILL", "CAP_CHOWN"] }
              },
              "mounts": [
                { "destination": "/proc", "type": "proc", "source": "proc" },
                { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
                { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
                { "destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] },
                { "destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"] },
                { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] }
              ],
              "linux": {
                "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }, { "type": "cgroup" }],
                "maskedPaths": ["/proc/kcore", "/sys/firmware", "/proc/keys", "/proc/scsi"], "readonlyPaths": ["/proc/sys", "/proc/bus"]
              }
            }
            """)!.AsObject();
    }

    /// <summary>The document, which a test changes before it runs the bundle.</summary>
    public JsonObject Config { get; }

    /// <summary><c>linux</c> of the document.</summary>
    public JsonObject Linux => Config["linux"]!.AsObject();

    /// <summary>Where the bundle is.</summary>
    public string Path => sandbox["bundle"];

    /// <summary>A path beside the bundle, on the host.</summary>
    public string this[string name] => sandbox[name];

    /// <summary>A path in the root.</summary>
    public string InRoot(string path) => $"{sandbox["bundle/rootfs"]}/{path.TrimStart('/')}";

    /// <summary>Where the runtime keeps its containers.</summary>
    public string State => sandbox["state"];

    /// <summary>Writes a file of the host beside the bundle.</summary>
    public string Write(string name, string content, int mode = 0b110_100_100) => sandbox.Write(name, content, mode);

    /// <summary>Makes a directory of the host beside the bundle.</summary>
    public string MakeDirectory(string name) => Directory.CreateDirectory(sandbox[name]).FullName;

    /// <summary>Adds a mount.</summary>
    public Bundle Mount(string destination, string? type, string? source, params string[] options)
    {
        var mount = new JsonObject { ["destination"] = destination };
        if (type is not null) mount["type"] = type;
        if (source is not null) mount["source"] = source;
        if (options.Length > 0) mount["options"] = new JsonArray([.. options.Select(static option => (JsonNode)option)]);
        Config["mounts"]!.AsArray().Add(mount);
        return this;
    }

    /// <summary>Takes the mount at a destination away.</summary>
    public Bundle WithoutMount(string destination)
    {
        JsonArray mounts = Config["mounts"]!.AsArray();
        foreach (JsonNode? mount in mounts.Where(mount => mount!["destination"]!.GetValue<string>() == destination).ToArray()) mounts.Remove(mount);
        return this;
    }

    /// <summary>Gives the container a namespace of another kind, or another one of a kind.</summary>
    public Bundle Namespace(string type, string? path = null)
    {
        WithoutNamespace(type);
        var entry = new JsonObject { ["type"] = type };
        if (path is not null) entry["path"] = path;
        Linux["namespaces"]!.AsArray().Add(entry);
        return this;
    }

    /// <summary>The container shares the runtime's namespace of this kind.</summary>
    public Bundle WithoutNamespace(string type)
    {
        JsonArray namespaces = Linux["namespaces"]!.AsArray();
        foreach (JsonNode? entry in namespaces.Where(entry => entry!["type"]!.GetValue<string>() == type).ToArray()) namespaces.Remove(entry);
        return this;
    }

    /// <summary>A new user namespace: ids of the container from 0 are those of the host from <paramref name="first"/>.</summary>
    public Bundle UserNamespace(uint first = 100_000, uint count = 65_536)
    {
        Namespace("user");
        foreach (string field in new[] { "uidMappings", "gidMappings" })
            Linux[field] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = first, ["size"] = count });
        return this;
    }

    /// <summary>The program: a script of the root's shell.</summary>
    public Bundle Script(string script)
    {
        Config["process"]!["args"] = new JsonArray("/bin/sh", "-c", script);
        return this;
    }

    /// <summary>Sets a list of texts of <c>linux</c>.</summary>
    public Bundle Set(string field, params string[] values)
    {
        Linux[field] = new JsonArray([.. values.Select(static value => (JsonNode)value)]);
        return this;
    }

    /// <summary>Writes the document and runs it with the runtime that is tested.</summary>
    public RunResult Run(TimeSpan? limit = null) => RunWith(Runtimes.Tested, limit);

    /// <summary>Writes the document and runs it with a runtime.</summary>
    public RunResult RunWith(string runtime, TimeSpan? limit = null)
    {
        Save();
        string id = $"isolation-{System.IO.Path.GetFileName(sandbox.Path)[^6..].ToLowerInvariant()}-{++started}";
        try
        {
            return Program.Run(runtime, ["--root", State, "run", "--bundle", Path, id], limit: limit);
        }
        finally
        {
            if (Directory.Exists($"{State}/{id}")) Program.Run(runtime, ["--root", State, "delete", "--force", id]);
        }
    }

    /// <summary>Calls the runtime that is tested.</summary>
    public RunResult Call(params string[] arguments) => Program.Run(Runtimes.Tested, ["--root", State, .. arguments]);

    /// <summary>Writes the document.</summary>
    public void Save() => sandbox.Write("bundle/config.json", Config.ToJsonString());

    /// <inheritdoc/>
    public void Dispose() => sandbox.Dispose();
}
