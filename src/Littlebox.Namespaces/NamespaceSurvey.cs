namespace Littlebox.Namespaces;

/// <summary>
/// All namespaces of this machine that can be found from here, at about one moment, and what holds each of them: tasks, open descriptors, sockets,
/// bind mounts in every mount namespace that can be reached, child namespaces and owners.
/// </summary>
/// <remarks>
/// The kernel keeps a namespace for further reasons that no file shows (a mounted proc holds its pid namespace, a key ring its user namespace);
/// where nothing but such a reason is left, the namespace is not found. The machine moves on while we look: what vanishes in between is left out,
/// and a namespace may be seen with a holder that has just gone. The survey itself changes nothing. Threads: the result is not changed any more.
/// </remarks>
public sealed class NamespaceSurvey
{
    private readonly Dictionary<NamespaceId, LiveNamespace> byId;
    private readonly Dictionary<ulong, LiveNamespace> byInode = [];

    internal NamespaceSurvey(Dictionary<NamespaceId, LiveNamespace> byId, int hiddenProcesses, int hiddenMountNamespaces)
    {
        this.byId = byId;
        HiddenProcesses = hiddenProcesses;
        HiddenMountNamespaces = hiddenMountNamespaces;
        foreach (LiveNamespace found in byId.Values) byInode[found.Inode] = found;
        All = [.. byId.Values.OrderBy(found => found.Inode)];
    }

    /// <summary>Every namespace, by inode.</summary>
    public IReadOnlyList<LiveNamespace> All { get; }

    /// <summary>How many processes this process has no permission to look into, so that namespaces and holders may be missing.</summary>
    public int HiddenProcesses { get; }

    /// <summary>How many mount namespaces without a process could not be entered to read their mounts.</summary>
    public int HiddenMountNamespaces { get; }

    /// <summary>Looks at the machine.</summary>
    /// <exception cref="Littlebox.Linux.SystemCallException">/proc cannot be read at all.</exception>
    public static NamespaceSurvey Take() => Take(new SurveyScope());

    /// <summary>Looks at the machine, or at a part of it.</summary>
    /// <param name="scope">Which kinds of holders to look for.</param>
    public static NamespaceSurvey Take(SurveyScope scope)
    {
        using var surveyor = new Surveyor(scope);
        return surveyor.Run();
    }

    /// <summary>The namespace with that kind and inode, or <c>null</c>.</summary>
    public LiveNamespace? Find(NamespaceId id) => byId.GetValueOrDefault(id);

    /// <summary>The namespace with that inode, or <c>null</c>.</summary>
    public LiveNamespace? Find(ulong inode) => byInode.GetValueOrDefault(inode);
}

/// <summary>Which holders a survey looks for beside tasks; all of them unless told otherwise.</summary>
/// <param name="Descriptors">Open descriptors, and with <paramref name="Sockets"/> sockets.</param>
/// <param name="Sockets">Sockets in a network namespace other than their process's.</param>
/// <param name="Mounts">Bind mounts.</param>
public sealed record SurveyScope(bool Descriptors = true, bool Sockets = true, bool Mounts = true);
