namespace Littlebox.Oci;

/// <summary><c>linux.memoryPolicy</c> (set_mempolicy(2)).</summary>
internal static class MemoryPolicyCheck
{
    private const string At = "/linux/memoryPolicy";

    public static void Check(LinuxMemoryPolicy policy)
    {
        string mode = Words.MemoryPolicyModes[(int)policy.Mode];
        if (policy.Nodes is { } nodes && !Wrong.IsNumberList(nodes)) throw Wrong.At($"{At}/nodes", Quoted.Of(nodes), "a list of memory nodes, such as 0-1");
        bool none = policy.Mode is MemoryPolicyMode.Default or MemoryPolicyMode.Local;
        if (none && policy.Nodes is not null) throw Wrong.At($"{At}/nodes", $"nodes with {mode}", "none: the mode has no nodes");
        if (!none && policy.Mode is not MemoryPolicyMode.Preferred && policy.Nodes is null) throw Wrong.At($"{At}/nodes", "nothing", $"a list of memory nodes for {mode}");
        const MemoryPolicyFlags both = MemoryPolicyFlags.StaticNodes | MemoryPolicyFlags.RelativeNodes;
        if ((policy.Flags & both) == both) throw Wrong.At($"{At}/flags", "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES", "one of them");
        if (policy.Flags != 0 && none) throw Wrong.At($"{At}/flags", $"flags with {mode}", "none: the mode has no nodes");
        if ((policy.Flags & MemoryPolicyFlags.NumaBalancing) != 0 && policy.Mode is not (MemoryPolicyMode.Bind or MemoryPolicyMode.PreferredMany))
            throw Wrong.At($"{At}/flags", $"MPOL_F_NUMA_BALANCING with {mode}", "it with MPOL_BIND or MPOL_PREFERRED_MANY");
    }
}
