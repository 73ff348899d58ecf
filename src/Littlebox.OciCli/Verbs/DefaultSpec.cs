using System.Globalization;
using System.Text.Json;
using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.OciCli.Verbs;

/// <summary>The config.json that <c>spec</c> writes: the one that runc's users know.</summary>
internal static class DefaultSpec
{
    private static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
    private static readonly string[] Harmless = ["nosuid", "noexec", "nodev"];

    private static readonly string[] Masked =
    [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
    ];

    private static readonly string[] ReadOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>The document.</summary>
    /// <param name="rootless">For an ordinary user, who becomes root of a user namespace and keeps the host's network.</param>
    public static string Text(bool rootless) => JsonText.Of(json => Write(json, rootless), "\t");

    private static void Write(Utf8JsonWriter json, bool rootless)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion", ProductVersion.Spec);
        Process(json);
        json.WriteStartObject("root");
        json.WriteString("path", "rootfs");
        json.WriteBoolean("readonly", true);
        json.WriteEndObject();
        json.WriteString("hostname", "littlebox");
        json.WriteStartArray("mounts");
        Mount(json, "/proc", "proc", "proc");
        Mount(json, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        // The group 5 (tty) is not mapped where there is one id only.
        Mount(json, "/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", .. rootless ? (string[])[] : ["gid=5"]]);
        Mount(json, "/dev/shm", "tmpfs", "shm", [.. Harmless, "mode=1777", "size=65536k"]);
        Mount(json, "/dev/mqueue", "mqueue", "mqueue", Harmless);
        if (rootless) Mount(json, "/sys", "none", "/sys", ["rbind", .. Harmless, "ro"]);
        else Mount(json, "/sys", "sysfs", "sysfs", [.. Harmless, "ro"]);
        Mount(json, "/sys/fs/cgroup", "cgroup", "cgroup", [.. Harmless, "relatime", "ro"]);
        json.WriteEndArray();
        json.WriteStartObject("linux");
        if (rootless)
        {
            IdMap(json, "uidMappings", Kernel.EffectiveUid);
            IdMap(json, "gidMappings", Kernel.EffectiveGid);
        }
        else
        {
            json.WriteStartObject("resources");
            json.WriteStartArray("devices");
            json.WriteStartObject();
            json.WriteBoolean("allow", false);
            json.WriteString("access", "rwm");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteStartArray("namespaces");
        string[] namespaces = ["pid", .. rootless ? (string[])[] : ["network"], "ipc", "uts", "mount", .. rootless ? (string[])["user"] : [], .. IsUnified ? (string[])["cgroup"] : []];
        foreach (string type in namespaces)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStrings("maskedPaths", Masked);
        json.WriteStrings("readonlyPaths", ReadOnly);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // The files of version 1 show the container's place without a namespace too: its mounts are binds of it.
    private static bool IsUnified
    {
        get
        {
            try
            {
                return CGroupLayout.Read().IsUnified;
            }
            catch (LittleboxException)
            {
                return false;
            }
        }
    }

    private static void Process(Utf8JsonWriter json)
    {
        json.WriteStartObject("process");
        json.WriteBoolean("terminal", true);
        json.WriteStartObject("user");
        json.WriteNumber("uid", 0);
        json.WriteNumber("gid", 0);
        json.WriteEndObject();
        json.WriteStrings("args", ["sh"]);
        json.WriteStrings("env", ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"]);
        json.WriteString("cwd", "/");
        json.WriteStartObject("capabilities");
        foreach (string set in (string[])["bounding", "effective", "permitted"]) json.WriteStrings(set, Capabilities);
        json.WriteEndObject();
        json.WriteStartArray("rlimits");
        json.WriteStartObject();
        json.WriteString("type", "RLIMIT_NOFILE");
        json.WriteNumber("hard", 1024);
        json.WriteNumber("soft", 1024);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("noNewPrivileges", true);
        json.WriteEndObject();
    }

    private static void Mount(Utf8JsonWriter json, string destination, string type, string source, params string[] options)
    {
        json.WriteStartObject();
        json.WriteString("destination", destination);
        json.WriteString("type", type);
        json.WriteString("source", source);
        if (options.Length > 0) json.WriteStrings("options", options);
        json.WriteEndObject();
    }

    private static void IdMap(Utf8JsonWriter json, string name, uint hostId)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteNumber("containerID", 0);
        json.WriteNumber("hostID", hostId);
        json.WriteNumber("size", 1);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
