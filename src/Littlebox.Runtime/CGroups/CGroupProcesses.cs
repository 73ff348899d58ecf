using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>The processes in a container's cgroups and in those beneath; and signals to all of them.</summary>
public static class CGroupProcesses
{
    /// <summary>The process ids, as this process's pid namespace has them; those that it does not see are left out. Sorted.</summary>
    public static IReadOnlyList<int> Of(ContainerCGroups cgroups) => Ids(cgroups, static member => "cgroup.procs");

    /// <summary>The thread ids, likewise.</summary>
    public static IReadOnlyList<int> ThreadsOf(ContainerCGroups cgroups) => Ids(cgroups, static member => member.IsUnified ? "cgroup.threads" : "tasks");

    /// <summary>Kills all processes, also those that are made meanwhile, and those that are paused. Does not wait for their end.</summary>
    public static void KillAll(ContainerCGroups cgroups)
    {
        // Linux 5.14: at once, and nobody escapes by forking.
        if (Member(cgroups) is { IsUnified: true } unified && unified.Node.TryWrite("cgroup.kill", "1") is Errno.None) return;
        SignalAll(cgroups, Signal.Kill);
        // Killed processes end only when they may run.
        CGroupFreezer.Thaw(cgroups);
    }

    /// <summary>
    /// Sends a signal to all processes. They are stopped for the time, so that none is missed that is being made, and no id has become another process's; where
    /// they cannot be stopped, whoever appears meanwhile is looked for again.
    /// </summary>
    /// <returns>How many got it.</returns>
    public static int SignalAll(ContainerCGroups cgroups, int signal)
    {
        bool wasFrozen = CGroupFreezer.IsFrozen(cgroups), isFrozen = wasFrozen || TryFreeze(cgroups);
        try
        {
            var reached = new HashSet<int>();
            for (int round = 0; round < (isFrozen ? 1 : 16); round++)
            {
                int before = reached.Count;
                foreach (int pid in Of(cgroups))
                {
                    if (reached.Add(pid)) Kernel.TryKill(pid, signal);
                }
                if (reached.Count == before) break;
            }
            return reached.Count;
        }
        finally
        {
            if (isFrozen && !wasFrozen) CGroupFreezer.Thaw(cgroups);
        }
    }

    // The hierarchy that knows the processes best: where the freezer is, else the first.
    private static CGroupMember? Member(ContainerCGroups cgroups) => CGroupFreezer.Member(cgroups) ?? cgroups.Members.FirstOrDefault();

    private static bool TryFreeze(ContainerCGroups cgroups)
    {
        try
        {
            CGroupFreezer.Freeze(cgroups, 500);
            return true;
        }
        catch (LittleboxException)
        {
            return false;
        }
    }

    private static int[] Ids(ContainerCGroups cgroups, Func<CGroupMember, string> file)
    {
        if (Member(cgroups) is not { } member) return [];
        var ids = new SortedSet<int>();
        Collect(member.Node, file(member), ids);
        return [.. ids];
    }

    private static void Collect(ICGroupNode node, string file, SortedSet<int> ids)
    {
        // A process of another pid namespace reads as 0.
        foreach (string line in (node.TryRead(file) ?? "").Split('\n'))
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0) ids.Add(id);
        }
        foreach (string name in node.Children())
        {
            using ICGroupNode? child = node.TryOpen(name, out _);
            if (child is not null) Collect(child, file, ids);
        }
    }
}
