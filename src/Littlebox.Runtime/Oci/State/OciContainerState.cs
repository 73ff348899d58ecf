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
    public static OciContainerState? Parse(ReadOnlySpan<byte> content)
    {
        string? id = null, bundle = null, rootfs = null, created = null, version = null, manager = null;
        int? pid = null, owner = null;
        long? ticks = null;
        bool creating = false, hooks = false, noProgram = false, noNewKeyring = false;
        List<KeyValuePair<string, string>>? annotations = null;
        Dictionary<string, string>? cgroups = null;
        try
        {
            var json = new Utf8JsonReader(content);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("id"u8)) id = Text(ref json);
                else if (json.ValueTextEquals("pid"u8)) pid = Int32(ref json);
                else if (json.ValueTextEquals("startTicks"u8)) ticks = Int64(ref json);
                else if (json.ValueTextEquals("owner"u8)) owner = Int32(ref json);
                else if (json.ValueTextEquals("bundle"u8)) bundle = Text(ref json);
                else if (json.ValueTextEquals("rootfs"u8)) rootfs = Text(ref json);
                else if (json.ValueTextEquals("created"u8)) created = Text(ref json);
                else if (json.ValueTextEquals("ociVersion"u8)) version = Text(ref json);
                else if (json.ValueTextEquals("cgroupManager"u8)) manager = Text(ref json);
                else if (json.ValueTextEquals("creating"u8)) creating = Flag(ref json);
                else if (json.ValueTextEquals("hooks"u8)) hooks = Flag(ref json);
                else if (json.ValueTextEquals("noProgram"u8)) noProgram = Flag(ref json);
                else if (json.ValueTextEquals("noNewKeyring"u8)) noNewKeyring = Flag(ref json);
                else if (json.ValueTextEquals("cgroups"u8)) cgroups = new(Pairs(ref json), StringComparer.Ordinal);
                else if (json.ValueTextEquals("annotations"u8)) annotations = Pairs(ref json);
                else json.Skip();
            }
            if (json.Read()) return null;
            if (id is null || bundle is null || rootfs is null || created is null || version is null || manager is null || pid is null || owner is null || ticks is null || cgroups is null || annotations is null) return null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
        return new OciContainerState
        {
            Id = id,
            Pid = pid.Value,
            StartTicks = ticks.Value,
            Owner = owner.Value,
            Bundle = bundle,
            Rootfs = rootfs,
            Created = created,
            OciVersion = version,
            Creating = creating,
            HasHooks = hooks,
            HasNoProgram = noProgram,
            NoNewKeyring = noNewKeyring,
            CGroups = cgroups,
            CGroupManager = manager,
            Annotations = annotations,
        };
    }

    private static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString() ?? throw new FormatException();
    }

    private static int Int32(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt32();
    }

    private static long Int64(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt64();
    }

    private static bool Flag(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetBoolean();
    }

    private static List<KeyValuePair<string, string>> Pairs(ref Utf8JsonReader json)
    {
        List<KeyValuePair<string, string>> pairs = [];
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new FormatException();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            pairs.Add(KeyValuePair.Create(name, Text(ref json)));
        }
        return pairs;
    }
}
