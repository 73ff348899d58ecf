namespace Littlebox.Oci;

/// <summary><c>linux.intelRdt</c>, <c>memoryPolicy</c>, <c>personality</c> and <c>rootfsPropagation</c>.</summary>
internal static class PolicyReader
{
    public static LinuxIntelRdt? ReadIntelRdt(ref ConfigReader r)
    {
        string? closId = null, l3 = null, bandwidth = null;
        IReadOnlyList<string> schemata = [];
        bool monitoring = false;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("closID"u8, ref seen, 0)) closId = r.TextOrNone();
            else if (r.Is("schemata"u8, ref seen, 1)) schemata = r.Texts();
            else if (r.Is("l3CacheSchema"u8, ref seen, 2)) l3 = r.TextOrNone();
            else if (r.Is("memBwSchema"u8, ref seen, 3)) bandwidth = r.TextOrNone();
            else if (r.Is("enableMonitoring"u8, ref seen, 4)) monitoring = r.Boolean() ?? false;
            else r.Skip();
        }
        return new() { ClosId = closId, Schemata = schemata, L3CacheSchema = l3, MemBwSchema = bandwidth, EnableMonitoring = monitoring };
    }

    public static LinuxMemoryPolicy? ReadMemoryPolicy(ref ConfigReader r)
    {
        int? mode = null;
        string? nodes = null;
        MemoryPolicyFlags flags = 0;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("mode"u8, ref seen, 0)) mode = r.Choice(Words.MemoryPolicyModes);
            else if (r.Is("nodes"u8, ref seen, 1)) nodes = r.TextOrNone();
            else if (r.Is("flags"u8, ref seen, 2)) flags = (MemoryPolicyFlags)r.Choices(Words.MemoryPolicyFlags);
            else r.Skip();
        }
        return new() { Mode = (MemoryPolicyMode)(mode ?? throw r.Missing("mode", Words.OneOf(Words.MemoryPolicyModes))), Nodes = nodes, Flags = flags };
    }

    public static LinuxPersonality? ReadPersonality(ref ConfigReader r)
    {
        int? domain = null;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("domain"u8, ref seen, 0)) domain = r.Choice(Words.PersonalityDomains);
            else if (r.Is("flags"u8, ref seen, 1)) RefuseFlags(ref r);
            else r.Skip();
        }
        return new((LinuxPersonalityDomain)(domain ?? throw r.Missing("domain", Words.OneOf(Words.PersonalityDomains))));
    }

    public static RootfsPropagation? ReadPropagation(ref ConfigReader r) =>
        r.TextOrNone() is null ? null : (RootfsPropagation?)r.Choice(Words.Propagations);

    private static void RefuseFlags(ref ConfigReader r)
    {
        if (r.OpenList() && r.NextItem(0)) throw r.Bad("an empty list: the spec has no flags");
    }
}
