using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.Oci.State;

/// <summary>The directory of one container, locked by us until <see cref="Dispose"/>. For one thread.</summary>
public sealed class OciDirectory : IDisposable
{
    private readonly OciStore store;
    private readonly Descriptor directory;

    internal OciDirectory(OciStore store, string id, Descriptor directory)
    {
        this.store = store;
        this.directory = directory;
        Id = id;
    }

    /// <summary>The container's id.</summary>
    public string Id { get; }

    /// <summary>Absolute path.</summary>
    public string Path => $"{store.Root}/{Id}";

    /// <summary>The open directory.</summary>
    public int Number => directory.Number;

    /// <summary>A path of a file in it that is short enough for a socket's address (unix(7): 107 bytes).</summary>
    public string ShortPath(string name) => $"/proc/self/fd/{directory.Number}/{name}";

    /// <summary>What is written down, or <c>null</c> where <c>create</c> did not come that far.</summary>
    public OciContainerState? Read() => SmallFile.TryRead("state.json", directory: directory.Number) is { } json ? store.StateOf(json) : null;

    /// <summary>Writes it down.</summary>
    public void Write(OciContainerState state) => Write(state, state.ToJson());

    /// <summary>Writes it down, with what <see cref="OciContainerState.ToJson"/> has returned.</summary>
    public void Write(OciContainerState state, byte[] json)
    {
        SmallFile.Replace(directory.Number, "state.json", json);
        store.Remember(state, json);
    }

    /// <summary>Where a container's cgroups are that has no state yet; <c>null</c> where none has been made.</summary>
    public CGroupNote? ReadNote() => SmallFile.TryReadText(CGroupNote.File, directory: directory.Number) is { } text ? CGroupNote.Parse(text) : null;

    /// <summary>Writes down where the cgroups are going to be.</summary>
    public void Write(CGroupNote note) => SmallFile.Replace(directory.Number, CGroupNote.File, note.ToJson());

    /// <summary>True until the container has been started.</summary>
    public bool WaitsForStart => Kernel.TryStatx(directory.Number, OciStore.StartSocket, follow: false, out _) >= 0;

    /// <summary>Removes the directory and everything in it.</summary>
    public void Remove()
    {
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, store.Root, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0) return;
        using var parent = new Descriptor(opened);
        DirectoryTree.Remove(opened, Id);
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();
}
