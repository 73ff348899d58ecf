using System.Text.Encodings.Web;
using System.Text.Json;

namespace Littlebox.Plan.Trace;

/// <summary>The times of a run in the Trace Event Format, which Perfetto and chrome://tracing open.</summary>
public static class ChromeTrace
{
    /// <summary>UTF-8 JSON: complete events (<c>ph</c> X) with times in microseconds, one track for the host and one for the inside.</summary>
    public static byte[] Of(IReadOnlyList<StepTime> times)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("displayTimeUnit", "ns");
            json.WriteStartArray("traceEvents");
            Name(json, 1, "host");
            Name(json, 2, "inside the container");
            foreach (StepTime time in times)
            {
                json.WriteStartObject();
                json.WriteString("name", time.Title);
                json.WriteString("cat", "step");
                json.WriteString("ph", "X");
                json.WriteNumber("ts", Math.Round(time.Begin, 3));
                json.WriteNumber("dur", Math.Round(time.Duration, 3));
                json.WriteNumber("pid", 1);
                json.WriteNumber("tid", time.Where == Place.Host ? 1 : 2);
                json.WriteStartObject("args");
                json.WriteNumber("step", time.Index + 1);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void Name(Utf8JsonWriter json, int thread, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", "thread_name");
        json.WriteString("ph", "M");
        json.WriteNumber("pid", 1);
        json.WriteNumber("tid", thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
