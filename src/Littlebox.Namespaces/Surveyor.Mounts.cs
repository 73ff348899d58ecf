using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>
/// Bind mounts. The mounts of a mount namespace are read through any task in it (once for each root, since mountinfo shows what lies below the
/// reader's root); a mount namespace that only a mount or a descriptor holds is entered by a thread of ours that ends afterwards.
/// </summary>
internal sealed partial class Surveyor
{
    private const int LargestTable = 256 << 20;

    /// <summary>Mount namespaces that no task has been seen in, by an open descriptor.</summary>
    private readonly Dictionary<NamespaceId, Descriptor> lonely = [];
    private readonly Dictionary<NamespaceId, List<(int Pid, int Tid)>> views = [];
    private readonly HashSet<(NamespaceId Space, ulong Device, ulong Inode, ulong Mount)> rootsSeen = [];
    private readonly HashSet<(ulong Space, long Mount)> mountsSeen = [];

    private void NoteView(NamespaceId space, int directory, int pid, int tid)
    {
        if (!scope.Mounts || Kernel.TryStatx(directory, "root", follow: true, out FileStatus root) < 0) return;
        if (!rootsSeen.Add((space, root.Identity.Device, root.Inode, root.MountId))) return;
        if (!views.TryGetValue(space, out List<(int, int)>? known)) views[space] = known = [];
        known.Add((pid, tid));
        if (lonely.Remove(space, out Descriptor? held)) held.Dispose();
    }

    private void KeepLonely(NamespaceId space, int descriptor)
    {
        if (!scope.Mounts || views.ContainsKey(space) || lonely.ContainsKey(space)) return;
        int copy = Kernel.TryOpenAt2(Strace.CurrentDirectory, $"/proc/self/fd/{descriptor}", OpenFlags.ReadOnly);
        if (copy >= 0) lonely[space] = new Descriptor(copy);
    }

    private void WalkMounts()
    {
        NamespaceId ours = NamespaceKinds.TryParseLink(Kernel.TryReadLink("/proc/thread-self/ns/mnt"), out NamespaceId mine) ? mine : default;
        foreach ((NamespaceId space, List<(int Pid, int Tid)> tasks) in views)
        {
            foreach ((int pid, int tid) in tasks)
            {
                string task = $"{pid}/task/{tid}";
                if (SmallFile.TryReadText($"{task}/mountinfo", LargestTable, proc.Number) is not { } table) continue;
                int root = Kernel.TryOpenAt2(proc.Number, $"{task}/root", OpenFlags.PathOnly | OpenFlags.Directory);
                using Descriptor? held = root < 0 ? null : new Descriptor(root);
                TakeTable(space, table, root, space == ours);
            }
        }
        // A pinned mount namespace may hold the only pin of the next one.
        while (lonely.Count > 0)
        {
            NamespaceId space = lonely.Keys.First();
            lonely.Remove(space, out Descriptor? entrance);
            using (entrance)
                if (!VisitLonely(space, entrance!)) hiddenMountNamespaces++;
        }
    }

    private void TakeTable(NamespaceId space, string table, int root, bool isOurs)
    {
        foreach (MountLine line in MountTable.Parse(table, "nsfs"))
        {
            if (line.Namespace is not { } id || !mountsSeen.Add((space.Inode, line.Id))) continue;
            Hold(id, new MountHolder(line.Path, space.Inode, line.Id, isOurs));
            if (root < 0 || explored.Contains(id)) continue;
            using Descriptor? opened = NamespaceFile.TryOpenMounted(root, line.Path);
            if (opened is not null) Explore(opened.Number);
        }
    }

    private bool VisitLonely(NamespaceId space, Descriptor entrance)
    {
        string? table = null;
        int root = -1;
        // setns(CLONE_NEWNS) wants a task that shares its root with no other; it cannot be undone for sure, so the thread is thrown away.
        var visitor = new Thread(() =>
        {
            try
            {
                Kernel.UnshareFileSystem();
                if (Kernel.TrySetNs(entrance.Number, NamespaceFlags.Mount) < 0) return;
                root = Kernel.TryOpenAt2(Strace.CurrentDirectory, "/", OpenFlags.PathOnly | OpenFlags.Directory);
                table = SmallFile.TryReadText("thread-self/mountinfo", LargestTable, proc.Number);
            }
            catch (SystemCallException)
            {
                table = null; // counted as hidden
            }
        }, maxStackSize: 256 * 1024);
        visitor.Start();
        visitor.Join();
        if (root < 0) return false;
        using var held = new Descriptor(root);
        if (table is null) return false;
        TakeTable(space, table, root, isOurs: false);
        return true;
    }
}
