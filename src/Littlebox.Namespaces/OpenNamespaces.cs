using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>The namespaces of a process, of a pin, or a single one, held open so that they are the same ones until <see cref="Dispose"/>. For one thread at a time.</summary>
public sealed class OpenNamespaces : IDisposable
{
    private readonly Dictionary<NamespaceFlags, (NamespaceId Id, Descriptor File)> files = [];

    /// <summary>Nothing opened yet.</summary>
    /// <param name="label">What it is, for people: <c>container web</c>, <c>process 4711</c>.</param>
    public OpenNamespaces(string label) => Label = label;

    /// <summary>What it is, for people.</summary>
    public string Label { get; }

    /// <summary>The name to pin under where none is given; <c>null</c> where there is no natural one.</summary>
    public string? Name { get; init; }

    /// <summary>What people should know about it, <c>null</c> in the ordinary case.</summary>
    public string? Note { get; internal set; }

    /// <summary>The process, where the namespaces are those of one.</summary>
    public int? Pid { get; internal set; }

    /// <summary>A pidfd of that process.</summary>
    public Descriptor? Process { get; internal set; }

    /// <summary>The kinds that are open, in the order of <see cref="NamespaceKinds.All"/>.</summary>
    public IEnumerable<NamespaceFlags> Kinds => NamespaceKinds.All.Where(files.ContainsKey);

    /// <summary>Which namespace of a kind, <c>null</c> where there is none.</summary>
    public NamespaceId? this[NamespaceFlags kind] => files.TryGetValue(kind, out (NamespaceId Id, Descriptor) found) ? found.Id : null;

    /// <summary>The open file of a kind.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public int Number(NamespaceFlags kind) => files[kind].File.Number;

    /// <summary>Takes ownership of the open file of a namespace.</summary>
    /// <returns>False, and the file is closed, where it is not the file of a namespace.</returns>
    public bool Adopt(Descriptor file)
    {
        if (NamespaceFile.IdOf(file.Number) is not { } id)
        {
            file.Dispose();
            return false;
        }
        if (files.Remove(id.Kind, out (NamespaceId, Descriptor File) former)) former.File.Dispose();
        files[id.Kind] = (id, file);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((NamespaceId _, Descriptor file) in files.Values) file.Dispose();
        files.Clear();
        Process?.Dispose();
    }
}
