using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Littlebox.OciCli.Verbs;

/// <summary>Documents for engines and people, written without a serializer.</summary>
internal static class JsonText
{
    /// <summary>Writes a document.</summary>
    /// <param name="write">Writes its value.</param>
    /// <param name="indent">What a level is indented by: a tab or spaces; empty for one line.</param>
    public static string Of(Action<Utf8JsonWriter> write, string indent = "")
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        if (indent.Length > 0) options = options with { Indented = true, IndentCharacter = indent[0], IndentSize = indent.Length, NewLine = "\n" };
        using (var json = new Utf8JsonWriter(buffer, options)) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a list of strings as a property.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
