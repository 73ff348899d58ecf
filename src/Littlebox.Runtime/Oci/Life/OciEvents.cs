using System.Buffers;
using System.Text;
using System.Text.Json;
using Littlebox.Linux;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>events</c>: what a container uses, and when it runs out of memory, in lines of JSON as runc writes them.</summary>
public static class OciEvents
{
    /// <summary>What it uses now: one line.</summary>
    /// <exception cref="LittleboxException">The container does not exist, or does not run.</exception>
    public static string Statistics(OciStore store, string id)
    {
        using ContainerCGroups cgroups = OciCGroups.Open(Running(store, id));
        return Statistics(id, cgroups);
    }

    /// <summary>Writes lines until the container ends.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="interval">Milliseconds from one line with what it uses to the next.</param>
    /// <param name="write">Gets each line.</param>
    /// <exception cref="LittleboxException">The container does not exist, or does not run.</exception>
    public static void Watch(OciStore store, string id, int interval, Action<string> write)
    {
        OciContainerState state = Running(store, id);
        int opened = Kernel.TryPidfdOpen(state.Pid);
        if (opened < 0 || !state.IsAlive) throw NotRunning(id);
        using var process = new Descriptor(opened);
        using ContainerCGroups cgroups = OciCGroups.Open(state);
        using OutOfMemoryWatch? memory = OutOfMemoryWatch.Begin(cgroups);
        Span<PollDescriptor> polled = stackalloc PollDescriptor[memory is null ? 1 : 2];
        long next = Environment.TickCount64 + interval;
        while (true)
        {
            polled[0] = new PollDescriptor { Descriptor = process.Number, Events = PollEvents.Readable };
            if (memory is not null) polled[1] = memory.Polled;
            Kernel.Poll(polled, (int)Math.Max(0, next - Environment.TickCount64));
            // The last process may be the one that was killed for want of memory.
            if (memory is not null && polled[1].Returned != PollEvents.None && memory.Read(cgroups)) write(Line("oom", id, null));
            if (polled[0].Returned != PollEvents.None) return;
            if (Environment.TickCount64 < next) continue;
            write(Statistics(id, cgroups));
            next = Environment.TickCount64 + interval;
        }
    }

    private static string Statistics(string id, ContainerCGroups cgroups) => Line("stats", id, StatisticsReader.Read(cgroups));

    private static string Line(string type, string id, CGroupStatistics? statistics)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString("id"u8, id);
            if (statistics is not null)
            {
                json.WritePropertyName("data"u8);
                StatisticsJson.Write(json, statistics);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static OciContainerState Running(OciStore store, string id)
    {
        OciContainerState state = store.Read(id) ?? throw OciStore.Missing(id);
        return state.IsAlive ? state : throw NotRunning(id);
    }

    private static LittleboxException NotRunning(string id) => new(ErrorKind.InvalidArgument, $"container with id {id} is not running");
}
