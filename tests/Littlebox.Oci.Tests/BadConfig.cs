using System.Text.Json.Nodes;

namespace Littlebox.Oci.Tests;

/// <summary>A config.json that is right but for one thing.</summary>
/// <param name="Pointer">Where the error must say it is.</param>
/// <param name="Words">What it must say of it.</param>
/// <param name="Changes">What is set in the right document: a pointer and JSON text; nothing takes the field away, and <c>-</c> stands for the end of a list.</param>
public sealed record BadConfig(string Pointer, string Words, params (string At, string? Json)[] Changes)
{
    /// <summary>A change at the place where the error is.</summary>
    public BadConfig(string pointer, string? json, string words)
        : this(pointer, words, (pointer, json)) { }

    /// <summary>The document.</summary>
    /// <param name="right">A right one, which is not changed.</param>
    public string Of(JsonNode right)
    {
        JsonNode document = right.DeepClone();
        foreach ((string at, string? json) in Changes) Set(document, at.Split('/').Skip(1).Select(static part => part.Replace("~1", "/").Replace("~0", "~")).ToArray(), json);
        return document.ToJsonString();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", Changes.Select(static change => $"{change.At} = {(change.Json?.Length > 60 ? change.Json[..60] + "…" : change.Json)}"));

    private static void Set(JsonNode node, string[] path, string? json)
    {
        for (int i = 0; i < path.Length - 1; i++)
        {
            if (node is JsonArray list)
            {
                if (path[i] == "-") list.Add(new JsonObject());
                node = list[path[i] == "-" ? list.Count - 1 : int.Parse(path[i])]!;
            }
            else
            {
                node = node[path[i]] ??= path[i + 1] == "-" ? new JsonArray() : new JsonObject();
            }
        }
        string last = path[^1];
        JsonNode? value = json is null ? null : JsonNode.Parse(json);
        if (node is JsonArray array && last == "-") array.Add(value);
        else if (node is JsonArray items) items[int.Parse(last)] = value;
        else if (json is null) node.AsObject().Remove(last);
        else node[last] = value;
    }
}
