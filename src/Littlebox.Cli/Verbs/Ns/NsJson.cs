using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Littlebox.Linux;
using Littlebox.Namespaces;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary>Namespaces and holders as JSON, written by hand: the serializer costs start-up time.</summary>
internal static class NsJson
{
    /// <summary>One document, with a newline behind.</summary>
    public static string Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>A namespace as an object; <paramref name="more"/> adds properties.</summary>
    public static void Write(Utf8JsonWriter json, LiveNamespace space, UserNames users, bool holders = true, Action? more = null)
    {
        json.WriteStartObject();
        json.WriteNumber("ns"u8, space.Inode);
        json.WriteString("type"u8, NamespaceKinds.NameOf(space.Kind));
        json.WriteNumber("nprocs"u8, space.ProcessCount);
        Number(json, "pid", space.Leader?.Pid);
        Number(json, "uid", space.Leader?.Uid);
        json.WriteString("user"u8, space.Leader is null ? null : users[space.Leader.Uid]);
        json.WriteString("command"u8, space.Leader?.Command);
        Number(json, "parent", (long?)space.Parent?.Inode);
        Number(json, "owner", (long?)space.Owner?.Inode);
        if (space.Kind is NamespaceFlags.User) Number(json, "makerUid", space.MakerUid);
        if (holders)
        {
            json.WriteStartArray("holders"u8);
            foreach (Holder holder in space.Holders) Write(json, holder);
            json.WriteEndArray();
        }
        more?.Invoke();
        json.WriteEndObject();
    }

    /// <summary>A number, or null.</summary>
    public static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static void Write(Utf8JsonWriter json, Holder holder)
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, holder.Word);
        switch (holder)
        {
            case ProcessHolder process:
                Task(json, process.Pid, null, process.Name);
                break;
            case ThreadHolder thread:
                Task(json, thread.Pid, thread.Tid, thread.Name);
                break;
            case ChildrenHolder children:
                Task(json, children.Pid, children.Tid, children.Name);
                break;
            case DescriptorHolder descriptor:
                Task(json, descriptor.Pid, descriptor.Tid == descriptor.Pid ? null : descriptor.Tid, descriptor.Name);
                json.WriteNumber("fd"u8, descriptor.Number);
                break;
            case SocketHolder socket:
                Task(json, socket.Pid, null, socket.Name);
                json.WriteNumber("fd"u8, socket.Number);
                break;
            case MountHolder mount:
                json.WriteString("path"u8, mount.Path);
                json.WriteNumber("mountNamespace"u8, mount.MountNamespace);
                json.WriteNumber("mountId"u8, mount.MountId);
                json.WriteBoolean("ours"u8, mount.IsOurs);
                break;
            case ChildHolder child:
                Space(json, child.Child);
                break;
            case OwnedHolder owned:
                Space(json, owned.Owned);
                break;
        }
        json.WriteEndObject();
    }

    private static void Task(Utf8JsonWriter json, int pid, int? tid, string name)
    {
        json.WriteNumber("pid"u8, pid);
        if (tid is { } thread) json.WriteNumber("tid"u8, thread);
        json.WriteString("name"u8, name);
    }

    private static void Space(Utf8JsonWriter json, NamespaceId id)
    {
        json.WriteNumber("ns"u8, id.Inode);
        json.WriteString("type"u8, NamespaceKinds.NameOf(id.Kind));
    }
}
