using System.Text;
using System.Text.Json;
using Littlebox.Engine.Doctor;
using Littlebox.Linux;

namespace Littlebox.Cli.Verbs.Doctor;

/// <summary>Findings for programs.</summary>
internal static class DoctorJson
{
    /// <summary>One object: the verdict, who asked, and an array of findings.</summary>
    public static string Of(IReadOnlyList<Finding> findings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteBoolean("works"u8, !findings.Any(static finding => finding.Prevents));
            json.WriteNumber("uid"u8, Kernel.EffectiveUid);
            json.WriteStartArray("findings"u8);
            foreach (Finding finding in findings) Write(json, finding);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("group"u8, finding.Group);
        json.WriteString("name"u8, finding.Name);
        if (finding.Works is { } works) json.WriteBoolean("works"u8, works);
        else json.WriteNull("works"u8);
        json.WriteString("weight"u8, finding.Weight switch { Weight.Needed => "needed", Weight.Used => "used", _ => "later" });
        json.WriteString("detail"u8, finding.Detail);
        if (finding.Remedy is { } remedy) json.WriteString("remedy"u8, remedy);
        else json.WriteNull("remedy"u8);
        json.WriteEndObject();
    }
}
