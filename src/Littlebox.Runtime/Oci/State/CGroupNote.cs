using System.Text;
using System.Text.Json;
using Littlebox.Runtime.State;

namespace Littlebox.Runtime.Oci.State;

/// <summary>
/// Where a container's cgroups are going to be: written into <c>cgroups.json</c> of its directory before the first one is made, so that whoever removes what a
/// killed <c>create</c> has left finds them. Once there is a <c>state.json</c>, that counts.
/// </summary>
/// <param name="Manager">Who makes them: <see cref="CGroups.ICGroupManager.Record"/>.</param>
/// <param name="Paths">Absolute directories by controller.</param>
public sealed record CGroupNote(string Manager, IReadOnlyDictionary<string, string> Paths)
{
    /// <summary>The file's name.</summary>
    public const string File = "cgroups.json";

    /// <summary>As UTF-8 JSON.</summary>
    public byte[] ToJson() => Encoding.UTF8.GetBytes(new StringBuilder("{\"manager\":").AppendJson(Manager).Append(",\"paths\":").AppendJson(Paths).Append('}').ToString());

    /// <summary>Reads it; <c>null</c> where it is not one.</summary>
    public static CGroupNote? Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return new CGroupNote(document.RootElement.GetProperty("manager"u8).GetString()!,
                document.RootElement.GetProperty("paths"u8).EnumerateObject().ToDictionary(static pair => pair.Name, static pair => pair.Value.GetString()!, StringComparer.Ordinal));
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
