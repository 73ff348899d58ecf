using System.Buffers;
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
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            OciContainerState state = Read(store, id, out OciStatus status) ?? throw new LittleboxException(ErrorKind.NotFound, $"container {id} does not exist");
            Write(json, state, status);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>All containers.</summary>
    public static string List(OciStore store, ParsedFlags line)
    {
        List<(OciContainerState State, OciStatus Status)> all = [];
        foreach (string id in store.Ids().Order(StringComparer.Ordinal))
        {
            if (Read(store, id, out OciStatus status) is { } state) all.Add((state, status));
        }
        if (line.Has("quiet")) return string.Concat(all.Select(static container => container.State.Id + "\n"));
        if (line.Value("format") is "json")
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartArray();
                foreach ((OciContainerState state, OciStatus status) in all) Write(json, state, status);
                json.WriteEndArray();
            }
            return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
        }
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{"ID",-12}{"PID",-12}{"STATUS",-12}{"BUNDLE",-20}{"CREATED",-32}OWNER\n"));
        foreach ((OciContainerState state, OciStatus status) in all)
            text.Append(CultureInfo.InvariantCulture, $"{state.Id,-11} {(status is OciStatus.Stopped ? 0 : state.Pid),-11} {OciStatusOf.Word(status),-11} {state.Bundle,-19} {state.Created,-31} {state.Owner}\n");
        return text.ToString();
    }

    private static OciContainerState? Read(OciStore store, string id, out OciStatus status)
    {
        status = OciStatus.Creating;
        if (store.Read(id) is not { } state) return null;
        status = !state.IsAlive ? OciStatus.Stopped : store.WaitsForStart(id) ? OciStatus.Created : OciStatus.Running;
        return state;
    }

    private static void Write(Utf8JsonWriter json, OciContainerState state, OciStatus status)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion"u8, state.OciVersion);
        json.WriteString("id"u8, state.Id);
        json.WriteNumber("pid"u8, status is OciStatus.Stopped ? 0 : state.Pid);
        json.WriteString("status"u8, OciStatusOf.Word(status));
        json.WriteString("bundle"u8, state.Bundle);
        json.WriteString("rootfs"u8, state.Rootfs);
        json.WriteString("created"u8, state.Created);
        json.WriteString("owner"u8, state.Owner == 0 ? "root" : state.Owner.ToString(CultureInfo.InvariantCulture));
        if (state.Annotations.Count > 0)
        {
            json.WriteStartObject("annotations"u8);
            foreach ((string key, string value) in state.Annotations) json.WriteString(key, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
