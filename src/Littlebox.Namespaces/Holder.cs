namespace Littlebox.Namespaces;

/// <summary>One reason why a namespace is alive: the kernel frees it when the last of them is gone.</summary>
public abstract record Holder
{
    private protected Holder()
    {
    }

    /// <summary>The word for lists and JSON: process, thread, children, descriptor, socket, mount, child, owned.</summary>
    public abstract string Word { get; }

    /// <summary>The holder in a few words, for instance <c>descriptor 7 of process 4711 (sleep)</c>.</summary>
    public abstract string Describe();
}

/// <summary>A process whose main thread is in the namespace.</summary>
/// <param name="Pid">Its id here.</param>
/// <param name="Name">Its short name (comm).</param>
public sealed record ProcessHolder(int Pid, string Name) : Holder
{
    /// <inheritdoc/>
    public override string Word => "process";

    /// <inheritdoc/>
    public override string Describe() => $"process {Pid} ({Name})";
}

/// <summary>A thread that has left its process's namespace for this one.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Tid">The thread.</param>
/// <param name="Name">The thread's name.</param>
public sealed record ThreadHolder(int Pid, int Tid, string Name) : Holder
{
    /// <inheritdoc/>
    public override string Word => "thread";

    /// <inheritdoc/>
    public override string Describe() => $"thread {Tid} ({Name}) of process {Pid}";
}

/// <summary>A task whose next children will be in the namespace, while it is not itself (pid_for_children, time_for_children).</summary>
/// <param name="Pid">The process.</param>
/// <param name="Tid">The thread, or the process's own number.</param>
/// <param name="Name">Its name.</param>
public sealed record ChildrenHolder(int Pid, int Tid, string Name) : Holder
{
    /// <inheritdoc/>
    public override string Word => "children";

    /// <inheritdoc/>
    public override string Describe() => $"the future children of {(Pid == Tid ? "process" : "thread")} {Tid} ({Name})";
}

/// <summary>An open descriptor of the namespace's file.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Tid">The thread whose table of descriptors it is in; the process's own number in all but odd cases.</param>
/// <param name="Number">The descriptor.</param>
/// <param name="Name">The process's name.</param>
public sealed record DescriptorHolder(int Pid, int Tid, int Number, string Name) : Holder
{
    /// <inheritdoc/>
    public override string Word => "descriptor";

    /// <inheritdoc/>
    public override string Describe() => $"descriptor {Number} of {(Pid == Tid ? "process" : "thread")} {Tid} ({Name})";
}

/// <summary>A socket that lives in a network namespace other than its process's.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Number">The descriptor.</param>
/// <param name="Name">The process's name.</param>
public sealed record SocketHolder(int Pid, int Number, string Name) : Holder
{
    /// <inheritdoc/>
    public override string Word => "socket";

    /// <inheritdoc/>
    public override string Describe() => $"the socket at descriptor {Number} of process {Pid} ({Name})";
}

/// <summary>A bind mount of the namespace's file.</summary>
/// <param name="Path">The mount point, as seen in <paramref name="MountNamespace"/>.</param>
/// <param name="MountNamespace">Inode of the mount namespace that the mount is in.</param>
/// <param name="MountId">The mount's id.</param>
/// <param name="IsOurs">True when that is the mount namespace of this process.</param>
public sealed record MountHolder(string Path, ulong MountNamespace, long MountId, bool IsOurs) : Holder
{
    /// <inheritdoc/>
    public override string Word => "mount";

    /// <inheritdoc/>
    public override string Describe() => IsOurs ? $"the bind mount at {Path}" : $"the bind mount at {Path} in mount namespace {MountNamespace}";
}

/// <summary>A child namespace (pid and user namespaces have parents), which keeps its parent.</summary>
/// <param name="Child">The child.</param>
public sealed record ChildHolder(NamespaceId Child) : Holder
{
    /// <inheritdoc/>
    public override string Word => "child";

    /// <inheritdoc/>
    public override string Describe() => $"its child {Child}";
}

/// <summary>A namespace that this user namespace owns, which keeps its owner.</summary>
/// <param name="Owned">The namespace owned.</param>
public sealed record OwnedHolder(NamespaceId Owned) : Holder
{
    /// <inheritdoc/>
    public override string Word => "owned";

    /// <inheritdoc/>
    public override string Describe() => $"{Owned}, which it owns";
}
