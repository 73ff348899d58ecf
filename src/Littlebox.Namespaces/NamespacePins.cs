using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>
/// Namespaces that are made permanent by a bind mount. What is true is what is mounted; there is no other record. Writers take a lock on the
/// directory (flock), readers do not.
/// </summary>
/// <param name="places">Where; those of this machine unless told otherwise.</param>
public sealed partial class NamespacePins(PinPlaces? places = null)
{
    /// <summary>Where the pins are.</summary>
    public PinPlaces Places { get; } = places ?? new PinPlaces();

    /// <summary>All pins, by name and kind, those included whose mount has gone.</summary>
    public IReadOnlyList<NamespacePin> All()
    {
        var pins = new List<NamespacePin>();
        HashSet<string> ours = [];
        foreach (string name in EntriesOf(Places.Own))
        {
            foreach (string file in EntriesOf($"{Places.Own}/{name}"))
            {
                if (NamespaceKinds.Parse(file) is not { } kind) continue;
                if (kind is NamespaceFlags.Network) ours.Add(name);
                else pins.Add(Look(name, kind, isOurs: true));
            }
        }
        foreach (string name in EntriesOf(Places.Network)) pins.Add(Look(name, NamespaceFlags.Network, ours.Contains(name)));
        pins.Sort(static (one, other) => (string.CompareOrdinal(one.Name, other.Name), one.Kind.CompareTo(other.Kind)).CompareTo((0, 0)));
        return pins;
    }

    /// <summary>The names of all pins.</summary>
    public IEnumerable<string> Names() => All().Select(pin => pin.Name).Distinct();

    /// <summary>Opens all that is pinned under a name; <c>null</c> where nothing is.</summary>
    public OpenNamespaces? TryOpen(string name)
    {
        if (name.Length == 0 || name.Contains('/') || name is "." or ".." || name.Contains('\0')) return null;
        var opened = new OpenNamespaces($"pin {name}") { Name = name };
        foreach (NamespaceFlags kind in NamespaceKinds.All)
        {
            if (TryOpenPin(Places.PathOf(kind, name)) is { } file) opened.Adopt(file);
        }
        if (opened.Kinds.Any()) return opened;
        opened.Dispose();
        return null;
    }

    private NamespacePin Look(string name, NamespaceFlags kind, bool isOurs)
    {
        string path = Places.PathOf(kind, name);
        using Descriptor? file = TryOpenPin(path);
        return new NamespacePin(name, kind, path, file is null ? null : NamespaceFile.IdOf(file.Number), isOurs);
    }

    private static Descriptor? TryOpenPin(string path)
    {
        int place = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.PathOnly | OpenFlags.NoFollow);
        if (place < 0) return null;
        using var held = new Descriptor(place);
        return NamespaceFile.IsOnNsfs(place) ? NamespaceFile.TryOpenLink(Strace.CurrentDirectory, $"/proc/self/fd/{place}") : null;
    }

    private static IEnumerable<string> EntriesOf(string directory)
    {
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, directory, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (opened < 0) return []; // not there, or not ours to read: nothing that we could enter
        using var held = new Descriptor(opened);
        return Kernel.ReadDirectory(opened).Select(entry => entry.Name).Order(StringComparer.Ordinal);
    }
}
