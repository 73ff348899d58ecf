using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>Processes and threads: where they are, and where their children will be.</summary>
internal sealed partial class Surveyor
{
    private static readonly (NamespaceFlags Kind, string Link)[] Links =
        [.. NamespaceKinds.All.Select(kind => (kind, "ns/" + NamespaceKinds.NameOf(kind)))];

    private static readonly (NamespaceFlags Kind, string Link)[] ChildrenLinks =
        [(NamespaceFlags.Pid, "ns/pid_for_children"), (NamespaceFlags.Time, "ns/time_for_children")];

    private void WalkTasks()
    {
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(proc.Number))
        {
            if (entry.Name[0] is < '1' or > '9' || !int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) continue;
            int opened = Kernel.TryOpenAt2(proc.Number, entry.Name, OpenFlags.PathOnly | OpenFlags.Directory);
            if (opened < 0) continue; // it has ended
            using var directory = new Descriptor(opened);
            WalkProcess(pid, directory.Number);
        }
    }

    private void WalkProcess(int pid, int directory)
    {
        if (SmallFile.TryReadText("stat", 4096, directory) is not { } stat || Kernel.TryStatx(directory, "", follow: false, out FileStatus status) < 0) return;
        (string name, int parent) = ParseStat(stat);
        var facts = new ProcessFacts(pid, parent, status.Uid, name);
        Dictionary<NamespaceFlags, NamespaceId> own = [];
        bool hidden = false;
        foreach ((NamespaceFlags kind, string link) in Links)
        {
            if (ReadLink(directory, link, ref hidden) is not { } id) continue;
            own[kind] = id;
            LiveNamespace space = Get(id);
            space.ProcessCount++;
            if (space.Leader is null || space.Leader.Pid > pid) space.Leader = facts;
            space.Found.Add(new ProcessHolder(pid, name));
            if (kind is NamespaceFlags.Mount) NoteView(id, directory, pid, pid);
            ExploreLink(id, directory, link);
        }
        WalkChildrenLinks(pid, pid, name, directory, own, ref hidden);
        if (scope.Descriptors) WalkDescriptors(pid, pid, name, directory, own.GetValueOrDefault(NamespaceFlags.Network), ref hidden);
        WalkThreads(facts, directory, own, ref hidden);
        if (hidden) hiddenProcesses++;
    }

    /// <summary>Threads other than the main one: most are where their process is, and hold nothing of their own.</summary>
    private void WalkThreads(ProcessFacts process, int directory, Dictionary<NamespaceFlags, NamespaceId> own, ref bool hidden)
    {
        int opened = Kernel.TryOpenAt2(directory, "task", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0) return;
        using var tasks = new Descriptor(opened);
        foreach (DirectoryEntry entry in ReadDirectoryOrNothing(opened))
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int tid) || tid == process.Pid) continue;
            int task = Kernel.TryOpenAt2(opened, entry.Name, OpenFlags.PathOnly | OpenFlags.Directory);
            if (task < 0) continue;
            using var thread = new Descriptor(task);
            WalkThread(process, tid, task, own, ref hidden);
        }
    }

    private void WalkThread(ProcessFacts process, int tid, int directory, Dictionary<NamespaceFlags, NamespaceId> own, ref bool hidden)
    {
        string? threadName = null;
        Dictionary<NamespaceFlags, NamespaceId> mine = [];
        foreach ((NamespaceFlags kind, string link) in Links)
        {
            if (ReadLink(directory, link, ref hidden) is not { } id) continue;
            mine[kind] = id;
            if (own.GetValueOrDefault(kind) == id) continue;
            threadName ??= SmallFile.TryReadText("comm", 64, directory)?.TrimEnd('\n') ?? process.Name;
            Hold(id, new ThreadHolder(process.Pid, tid, threadName));
            if (kind is NamespaceFlags.Mount) NoteView(id, directory, process.Pid, tid);
            ExploreLink(id, directory, link);
        }
        WalkChildrenLinks(process.Pid, tid, threadName ?? process.Name, directory, mine, ref hidden);
        // A thread shares its process's descriptors unless it called unshare(CLONE_FILES); where the kernel cannot say, we read them all.
        if (scope.Descriptors && Kernel.SharesDescriptors(process.Pid, tid) is not true)
            WalkDescriptors(process.Pid, tid, threadName ?? process.Name, directory, mine.GetValueOrDefault(NamespaceFlags.Network), ref hidden);
    }

    private void WalkChildrenLinks(int pid, int tid, string name, int directory, Dictionary<NamespaceFlags, NamespaceId> own, ref bool hidden)
    {
        foreach ((NamespaceFlags kind, string link) in ChildrenLinks)
        {
            if (ReadLink(directory, link, ref hidden) is not { } id || own.GetValueOrDefault(kind) == id) continue;
            Hold(id, new ChildrenHolder(pid, tid, name));
            ExploreLink(id, directory, link);
        }
    }

    private void ExploreLink(NamespaceId id, int directory, string link)
    {
        if (explored.Contains(id)) return;
        using Descriptor? opened = NamespaceFile.TryOpenLink(directory, link);
        if (opened is not null) Explore(opened.Number);
    }

    private static NamespaceId? ReadLink(int directory, string link, ref bool hidden)
    {
        int result = Kernel.TryReadLinkAt(directory, link, out string? target);
        // ENOENT: ended, a zombie, or no such link on this kernel. ESRCH: ended.
        if (Kernel.ErrorOf(result) is Errno.EACCES or Errno.EPERM) hidden = true;
        return NamespaceKinds.TryParseLink(target, out NamespaceId id) ? id : null;
    }

    private static List<DirectoryEntry> ReadDirectoryOrNothing(int directory)
    {
        try
        {
            return Kernel.ReadDirectory(directory);
        }
        catch (SystemCallException error) when (error.Error is Errno.ENOENT or Errno.ESRCH or Errno.EACCES)
        {
            return []; // the process has ended while we looked
        }
    }

    /// <summary>True for a zombie, by /proc/PID/stat.</summary>
    internal static bool HasEnded(string stat) => stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart() is ['Z' or 'X', ..];

    /// <summary>Name and parent from /proc/PID/stat: <c>pid (name) state ppid …</c>, where the name may hold anything, parentheses too.</summary>
    internal static (string Name, int Parent) ParseStat(string stat)
    {
        int open = stat.IndexOf('('), close = stat.LastIndexOf(')');
        if (open < 0 || close < open) return ("?", 0);
        string[] rest = stat[(close + 1)..].Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        return (stat[(open + 1)..close], rest.Length > 1 && int.TryParse(rest[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent) ? parent : 0);
    }
}
