using System.Globalization;
using System.Text;
using System.Text.Json;
using Littlebox.Linux;
using Littlebox.Runtime.State;

namespace Littlebox.Runtime.Oci.State;

/// <summary>What <c>create</c> writes down of a container, in <c>state.json</c> of its directory. Whether it runs is asked of the kernel each time.</summary>
public sealed record OciContainerState
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its first process, as the host sees it.</summary>
    public required int Pid { get; init; }

    /// <summary>When that was started, in ticks since the boot: with <see cref="Pid"/> it is one process for good.</summary>
    public required long StartTicks { get; init; }

    /// <summary>Absolute path of the bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>Absolute path of the root file system.</summary>
    public required string Rootfs { get; init; }

    /// <summary>When it was created, RFC 3339.</summary>
    public required string Created { get; init; }

    /// <summary>The user who created it.</summary>
    public required int Owner { get; init; }

    /// <summary>The version of the specification that its config.json names.</summary>
    public required string OciVersion { get; init; }

    /// <summary>The cgroups it is in: absolute directories by controller, that of version 2 by the empty name. Empty where it has none of its own.</summary>
    public IReadOnlyDictionary<string, string> CGroups { get; init; } = new Dictionary<string, string>();

    /// <summary>Who made them: <see cref="Runtime.CGroups.ICGroupManager.Record"/>.</summary>
    public string CGroupManager { get; init; } = "";

    /// <summary>The annotations of config.json.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Annotations { get; init; } = [];

    /// <summary>It is being created still: what is written down is for hooks, and for whoever ends it should its creator die.</summary>
    public bool Creating { get; init; }

    /// <summary>config.json has hooks for <c>start</c> or <c>delete</c>, which must read it then.</summary>
    public bool HasHooks { get; init; }

    /// <summary>config.json has no process: the container can be entered, and not started.</summary>
    public bool HasNoProgram { get; init; }

    /// <summary>It was made with <c>--no-new-keyring</c>: its processes keep the session keyring of whoever starts them.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>True when its first process lives; a zombie does not.</summary>
    public bool IsAlive => Pid > 0 && ProcessIdentity.StartTicks(Pid) == StartTicks;

    /// <summary>The record as UTF-8 JSON. By hand, as it is written at each start.</summary>
    public byte[] ToJson()
    {
        var json = new StringBuilder(1024);
        json.Append("{\"id\":").AppendJson(Id)
            .Append(CultureInfo.InvariantCulture, $",\"pid\":{Pid},\"startTicks\":{StartTicks},\"owner\":{Owner}")
            .Append(Creating ? ",\"creating\":true" : "").Append(HasHooks ? ",\"hooks\":true" : "").Append(HasNoProgram ? ",\"noProgram\":true" : "").Append(NoNewKeyring ? ",\"noNewKeyring\":true" : "")
            .Append(",\"bundle\":").AppendJson(Bundle)
            .Append(",\"rootfs\":").AppendJson(Rootfs)
            .Append(",\"created\":").AppendJson(Created)
            .Append(",\"ociVersion\":").AppendJson(OciVersion)
            .Append(",\"cgroupManager\":").AppendJson(CGroupManager)
            .Append(",\"cgroups\":").AppendJson(CGroups)
            .Append(",\"annotations\":{");
        for (int i = 0; i < Annotations.Count; i++)
        {
            if (i > 0) json.Append(',');
            json.AppendJson(Annotations[i].Key).Append(':').AppendJson(Annotations[i].Value);
        }
        return Encoding.UTF8.GetBytes(json.Append("}}").ToString());
    }

    /// <summary>Reads a record; <c>null</c> where it is not one.</summary>
    public static OciContainerState? Parse(byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            return new OciContainerState
            {
                Id = root.GetProperty("id"u8).GetString()!,
                Pid = root.GetProperty("pid"u8).GetInt32(),
                StartTicks = root.GetProperty("startTicks"u8).GetInt64(),
                Owner = root.GetProperty("owner"u8).GetInt32(),
                Bundle = root.GetProperty("bundle"u8).GetString()!,
                Rootfs = root.GetProperty("rootfs"u8).GetString()!,
                Created = root.GetProperty("created"u8).GetString()!,
                OciVersion = root.GetProperty("ociVersion"u8).GetString()!,
                Creating = root.TryGetProperty("creating"u8, out _),
                HasHooks = root.TryGetProperty("hooks"u8, out _),
                HasNoProgram = root.TryGetProperty("noProgram"u8, out _),
                NoNewKeyring = root.TryGetProperty("noNewKeyring"u8, out _),
                CGroups = root.GetProperty("cgroups"u8).EnumerateObject().ToDictionary(static pair => pair.Name, static pair => pair.Value.GetString()!, StringComparer.Ordinal),
                CGroupManager = root.GetProperty("cgroupManager"u8).GetString()!,
                Annotations = [.. root.GetProperty("annotations"u8).EnumerateObject().Select(static pair => KeyValuePair.Create(pair.Name, pair.Value.GetString()!))],
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
