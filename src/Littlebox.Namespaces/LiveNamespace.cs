using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>A namespace that was alive when the survey looked, with everything that held it.</summary>
public sealed class LiveNamespace
{
    internal LiveNamespace(NamespaceId id) => Id = id;

    /// <summary>Kind and inode.</summary>
    public NamespaceId Id { get; }

    /// <summary>The kind.</summary>
    public NamespaceFlags Kind => Id.Kind;

    /// <summary>The inode.</summary>
    public ulong Inode => Id.Inode;

    /// <summary>All that holds it, processes first, by pid.</summary>
    public IReadOnlyList<Holder> Holders => Found;

    /// <summary>The parent of a pid or user namespace; <c>null</c> for the first of its kind, for other kinds, and where this process may not know.</summary>
    public NamespaceId? Parent { get; internal set; }

    /// <summary>The user namespace that owns it; <c>null</c> for the first user namespace, and where this process may not know.</summary>
    public NamespaceId? Owner { get; internal set; }

    /// <summary>For a user namespace, who made it; otherwise <c>null</c>.</summary>
    public uint? MakerUid { get; internal set; }

    /// <summary>How many processes are in it, as lsns counts: main threads only.</summary>
    public int ProcessCount { get; internal set; }

    /// <summary>The process in it with the lowest pid; <c>null</c> where there is none.</summary>
    public ProcessFacts? Leader { get; internal set; }

    internal List<Holder> Found { get; } = [];
}

/// <summary>What the survey knows about a process.</summary>
/// <param name="Pid">Its id here.</param>
/// <param name="ParentPid">Its parent's.</param>
/// <param name="Uid">Owner of its /proc directory: the effective user, or root where the process may not be dumped.</param>
/// <param name="Name">The short name (comm, at most 15 bytes).</param>
public sealed record ProcessFacts(int Pid, int ParentPid, uint Uid, string Name)
{
    /// <summary>Its command line with spaces between the arguments; the name in brackets of a kernel thread is given without them, as lsns does.</summary>
    public string Command { get; internal set; } = Name;
}
