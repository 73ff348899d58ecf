using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// What a child needs to be in a container's cgroups from its first instruction: on version 1 descriptors of <c>tasks</c>, into which it writes
/// "0" itself while it has one thread (from outside it is an RCU grace period of 9 ms, from inside 0.1 ms); on version 2 the directory that it is
/// cloned into (CLONE_INTO_CGROUP). Its holder closes them after the clone; the child must keep <see cref="TaskFiles"/> until it has written.
/// </summary>
public sealed class CGroupPlacement : IDisposable
{
    private readonly List<Descriptor> tasks = [];
    private readonly List<int> numbers = [];
    private Descriptor? unified;

    private CGroupPlacement()
    {
    }

    /// <summary>Descriptors of the <c>tasks</c> files of version 1, open for writing. Their numbers stay when they are closed: a program that has failed is built again, to be shown.</summary>
    public IReadOnlyList<int> TaskFiles => numbers;

    /// <summary>Descriptor of the version 2 cgroup for clone3(2), or -1.</summary>
    public int Unified => unified?.Number ?? -1;

    /// <summary>Opens what a child needs.</summary>
    /// <param name="cgroups">The container's cgroups.</param>
    /// <param name="below">Names a cgroup that is there already beneath one of them, relative (<c>exec --cgroup</c>), or <c>null</c>.</param>
    /// <exception cref="LittleboxException">One has gone, or may not be written to.</exception>
    public static CGroupPlacement Prepare(ContainerCGroups cgroups, Func<CGroupMember, string?>? below = null)
    {
        var placement = new CGroupPlacement();
        try
        {
            foreach (CGroupMember member in cgroups.Members)
            {
                string file = (below?.Invoke(member) is { } inner && inner.Trim('/') is { Length: > 0 } path ? path + "/" : "") + (member.IsUnified ? "." : "tasks");
                OpenFlags flags = member.IsUnified ? OpenFlags.ReadOnly | OpenFlags.Directory : OpenFlags.WriteOnly;
                int opened = Kernel.TryOpenAt2(member.Node.Descriptor, file, flags, ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoCrossMounts);
                if (opened < 0)
                {
                    throw new LittleboxException(ErrorKind.SystemError, $"nothing can be started in the cgroup {member.Node.Path}",
                        $"openat2({member.Node.Path}, \"{file}\") = -1 {Kernel.ErrorOf(opened)} ({Kernel.ErrorOf(opened).Describe()})");
                }
                if (member.IsUnified) placement.unified = new Descriptor(opened);
                else
                {
                    placement.tasks.Add(new Descriptor(opened));
                    placement.numbers.Add(opened);
                }
            }
            return placement;
        }
        catch
        {
            placement.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Descriptor file in tasks) file.Dispose();
        tasks.Clear();
        unified?.Dispose();
        unified = null;
    }
}
