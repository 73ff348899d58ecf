using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Littlebox.Plan.Explain;

/// <summary>A plan as JSON, for programs.</summary>
public static class PlanJson
{
    /// <summary>An object with an array <c>steps</c>: number, title, why, where (host or inside), field, calls, shell.</summary>
    public static string Of(ContainerPlan plan)
    {
        ILookup<int, string> inside = plan.Compile(keepsText: true).Describe().ToLookup(static operation => operation.Step, static operation => operation.Text);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("steps");
            for (int i = 0; i < plan.Steps.Count; i++)
            {
                Step step = plan.Steps[i];
                json.WriteStartObject();
                json.WriteNumber("number", i + 1);
                json.WriteString("title", step.Title);
                json.WriteString("why", step.Why);
                json.WriteString("where", step.Where == Place.Host ? "host" : "inside");
                json.WriteString("field", step.Field);
                Array(json, "calls", PlanText.CallsOf(step, inside[i]));
                Array(json, "shell", step.Shell());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void Array(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
