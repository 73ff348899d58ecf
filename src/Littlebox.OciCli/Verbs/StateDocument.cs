using System.Globalization;
using System.Text;
using System.Text.Json;
using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;
using Littlebox.Runtime.Oci.Life;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.OciCli.Verbs;

/// <summary>What <c>state</c> and <c>list</c> print (runtime-spec, runtime.md, State; the further fields are runc's, which engines read).</summary>
internal static class StateDocument
{
    /// <summary>The state of one container.</summary>
    /// <exception cref="LittleboxException">There is none of that id.</exception>
    public static string Of(OciStore store, string id)
    {
        OciContainerState state = Read(store, id, out OciStatus status) ?? throw OciStore.Missing(id);
        return JsonText.Of(json => Write(json, state, status, []), "  ") + "\n";
    }

    /// <summary>All containers.</summary>
    public static string List(OciStore store, ParsedFlags line)
    {
        string format = line.Value("format") ?? "table";
        if (format is not ("table" or "json")) throw new LittleboxException(ErrorKind.InvalidArgument, $"invalid format option: {format}; there are table and json");
        List<(OciContainerState State, OciStatus Status)> all = [];
        foreach (string id in store.Ids().Order(StringComparer.Ordinal))
        {
            OciContainerState? state = Read(store, id, out OciStatus status);
            if (state is null or { Creating: true } && OciLeftovers.TryRemove(store, id)) continue;
            if (state is not null) all.Add((state, status));
        }
        if (line.Has("quiet")) return string.Concat(all.Select(static container => container.State.Id + "\n"));
        Dictionary<int, string> names = [];
        if (format == "table") return Table(all, names);
        return JsonText.Of(json =>
        {
            json.WriteStartArray();
            foreach ((OciContainerState state, OciStatus status) in all) Write(json, state, status, names);
            json.WriteEndArray();
        }) + "\n";
    }

    // A column is as wide as its widest word and three more, and twelve at least, as runc has them.
    private static string Table(List<(OciContainerState State, OciStatus Status)> all, Dictionary<int, string> names)
    {
        List<string[]> rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]];
        foreach ((OciContainerState state, OciStatus status) in all)
            rows.Add([state.Id, Pid(state, status).ToString(CultureInfo.InvariantCulture), OciStatusOf.Word(status), state.Bundle, state.Created, Owner(state, names)]);
        var text = new StringBuilder();
        int[] widths = [.. Enumerable.Range(0, 5).Select(column => Math.Max(12, rows.Max(row => row[column].Length) + 3))];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < widths.Length; i++) text.Append(row[i].PadRight(widths[i]));
            text.Append(row[^1]).Append('\n');
        }
        return text.ToString();
    }

    private static OciContainerState? Read(OciStore store, string id, out OciStatus status)
    {
        status = OciStatus.Creating;
        if (store.Read(id) is not { } state) return null;
        status = OciStatusOf.Of(state, store.WaitsForStart(id));
        return state;
    }

    private static void Write(Utf8JsonWriter json, OciContainerState state, OciStatus status, Dictionary<int, string> names)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion"u8, state.OciVersion);
        json.WriteString("id"u8, state.Id);
        json.WriteNumber("pid"u8, Pid(state, status));
        json.WriteString("status"u8, OciStatusOf.Word(status));
        json.WriteString("bundle"u8, state.Bundle);
        json.WriteString("rootfs"u8, state.Rootfs);
        json.WriteString("created"u8, state.Created);
        if (state.Annotations.Count > 0)
        {
            json.WriteStartObject("annotations"u8);
            foreach ((string key, string value) in state.Annotations) json.WriteString(key, value);
            json.WriteEndObject();
        }
        json.WriteString("owner"u8, Owner(state, names));
        json.WriteEndObject();
    }

    private static int Pid(OciContainerState state, OciStatus status) => status is OciStatus.Stopped ? 0 : state.Pid;

    // The name of this machine's /etc/passwd; where there is none, the number.
    private static string Owner(OciContainerState state, Dictionary<int, string> names)
    {
        if (names.TryGetValue(state.Owner, out string? known)) return known;
        string number = state.Owner.ToString(CultureInfo.InvariantCulture), name = "#" + number;
        foreach (string entry in (SmallFile.TryReadText("/etc/passwd", 16 << 20) ?? "").Split('\n'))
        {
            if (entry.Split(':') is [var user, _, var uid, ..] && uid == number)
            {
                name = user;
                break;
            }
        }
        return names[state.Owner] = name;
    }
}
