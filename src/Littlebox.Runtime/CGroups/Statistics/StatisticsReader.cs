namespace Littlebox.Runtime.CGroups;

/// <summary>Reads what a container has used, from all of its cgroups.</summary>
public static class StatisticsReader
{
    /// <summary>Reads it now. What the kernel does not count is 0.</summary>
    public static CGroupStatistics Read(ContainerCGroups cgroups)
    {
        var statistics = new CGroupStatistics();
        foreach (CGroupMember member in cgroups.Members)
        {
            if (member.IsUnified) UnifiedStatistics.Read(member.Node, statistics, !cgroups.IsUnified);
            else LegacyStatistics.Read(member, statistics);
        }
        return statistics;
    }
}
