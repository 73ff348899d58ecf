using System.Text;
using System.Text.Json;

namespace Littlebox.Oci.Tests;

/// <summary>A JSON document as a tree that may hold what no document should: a field twice, a value that is none. For tests which damage documents.</summary>
internal sealed class JsonTree
{
    private JsonTree(JsonTree? parent) => Parent = parent;

    /// <summary>The object or list that it is in.</summary>
    public JsonTree? Parent { get; private set; }

    /// <summary>Its name in an object, as JSON text with quotes; else <c>null</c>.</summary>
    public string? Name { get; set; }

    /// <summary>The JSON text of what is neither an object nor a list; else <c>null</c>.</summary>
    public string? Text { get; set; }

    /// <summary>True for a list.</summary>
    public bool IsList { get; private set; }

    /// <summary>The fields or entries.</summary>
    public List<JsonTree> Children { get; } = [];

    /// <summary>Reads a document.</summary>
    public static JsonTree Of(string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);
        return Of(parsed.RootElement, null);
    }

    /// <summary>A copy for another place.</summary>
    public JsonTree CopyTo(JsonTree? parent)
    {
        var copy = new JsonTree(parent) { Name = Name, Text = Text, IsList = IsList };
        foreach (JsonTree child in Children) copy.Children.Add(child.CopyTo(copy));
        return copy;
    }

    /// <summary>Becomes what another one is, but for its name.</summary>
    public void Become(JsonTree other)
    {
        (Text, IsList) = (other.Text, other.IsList);
        JsonTree[] children = [.. other.Children];
        Children.Clear();
        foreach (JsonTree child in children) Children.Add(child.CopyTo(this));
    }

    /// <summary>Becomes JSON text.</summary>
    public void Become(string text)
    {
        Text = text;
        Children.Clear();
    }

    /// <summary>This one and all below.</summary>
    public IEnumerable<JsonTree> All() => Children.SelectMany(static child => child.All()).Prepend(this);

    /// <summary>The document.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        if (Text is not null)
        {
            text.Append(Text);
            return;
        }
        text.Append(IsList ? '[' : '{');
        for (int i = 0; i < Children.Count; i++)
        {
            if (i > 0) text.Append(',');
            if (!IsList) text.Append(Children[i].Name ?? "\"\"").Append(':');
            Children[i].Write(text);
        }
        text.Append(IsList ? ']' : '}');
    }

    private static JsonTree Of(JsonElement element, JsonTree? parent)
    {
        var tree = new JsonTree(parent) { IsList = element.ValueKind == JsonValueKind.Array };
        if (tree.IsList) tree.Children.AddRange(element.EnumerateArray().Select(entry => Of(entry, tree)));
        else if (element.ValueKind != JsonValueKind.Object) tree.Text = element.GetRawText();
        else
        {
            foreach (JsonProperty field in element.EnumerateObject())
            {
                JsonTree child = Of(field.Value, tree);
                child.Name = JsonSerializer.Serialize(field.Name);
                tree.Children.Add(child);
            }
        }
        return tree;
    }
}
