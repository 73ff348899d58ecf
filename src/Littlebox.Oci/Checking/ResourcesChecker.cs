namespace Littlebox.Oci;

/// <summary><c>linux.resources</c>, and the document of <c>update --resources</c> (config-linux.md, Control groups): what no version of control groups takes.</summary>
public static class ResourcesChecker
{
    /// <summary>Checks limits.</summary>
    /// <param name="resources">What was read.</param>
    /// <param name="document">The name of the document.</param>
    /// <param name="at">Where in it they are; empty where they are the whole document.</param>
    /// <exception cref="ConfigException">The first part that is wrong.</exception>
    public static void Check(LinuxResources resources, string document = "config.json", string at = "/linux/resources")
    {
        ConfigException Bad(string field, string found, string allowed) => new(document, $"{at}/{field}", found, allowed);

        DeviceRuleCheck.Check(resources.Devices, Bad);
        if (resources.Memory is { } memory) MemoryCheck.Check(memory, Bad);
        if (resources.Cpu is { } cpu) CpuCheck.Check(cpu, Bad);
        if (resources.Pids?.Limit is < -1) throw Bad("pids/limit", $"{resources.Pids.Limit}", "-1 for no limit, or a number of tasks");
        if (resources.BlockIo is { } block) BlockIoCheck.Check(block, Bad);
        OtherLimitCheck.Check(resources, Bad);
    }
}
