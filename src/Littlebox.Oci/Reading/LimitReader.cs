namespace Littlebox.Oci;

/// <summary>The smaller parts of <c>linux.resources</c>: devices, pids, hugepageLimits, network, rdma.</summary>
internal static class LimitReader
{
    public static LinuxDeviceCGroup ReadDeviceRule(ref ConfigReader r)
    {
        bool? allow = null;
        LinuxDeviceType type = LinuxDeviceType.All;
        long? major = null, minor = null;
        string? access = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("allow"u8, ref seen, 0)) allow = r.Boolean();
            else if (r.Is("type"u8, ref seen, 1)) type = r.TextOrNone() is null ? type : (LinuxDeviceType)r.NeededChoice(Words.RuleTypes);
            else if (r.Is("major"u8, ref seen, 2)) major = r.Integer();
            else if (r.Is("minor"u8, ref seen, 3)) minor = r.Integer();
            else if (r.Is("access"u8, ref seen, 4)) access = r.TextOrNone();
            else r.Skip();
        }
        return new()
        {
            Allow = allow ?? throw r.Missing("allow", "true or false"),
            Type = type,
            Major = major == -1 ? null : major,
            Minor = minor == -1 ? null : minor,
            Access = access ?? "rwm",
        };
    }

    public static LinuxPids? ReadPids(ref ConfigReader r)
    {
        long? limit = null;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("limit"u8, ref seen, 0)) limit = r.Integer();
            else r.Skip();
        }
        return new() { Limit = limit };
    }

    public static LinuxHugepageLimit ReadHugepageLimit(ref ConfigReader r)
    {
        string? size = null;
        ulong? limit = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("pageSize"u8, ref seen, 0)) size = r.Text();
            else if (r.Is("limit"u8, ref seen, 1)) limit = r.Unsigned();
            else r.Skip();
        }
        return new() { PageSize = size ?? throw r.Missing("pageSize", "a size as 2MB"), Limit = limit ?? throw r.Missing("limit", "bytes") };
    }

    public static LinuxNetwork? ReadNetwork(ref ConfigReader r)
    {
        uint? classId = null;
        IReadOnlyList<LinuxInterfacePriority> priorities = [];
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("classID"u8, ref seen, 0)) classId = r.Unsigned32();
            else if (r.Is("priorities"u8, ref seen, 1)) priorities = r.List(ReadPriority);
            else r.Skip();
        }
        return new() { ClassId = classId, Priorities = priorities };
    }

    public static LinuxRdma ReadRdma(ref ConfigReader r)
    {
        uint? handles = null, objects = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("hcaHandles"u8, ref seen, 0)) handles = r.Unsigned32();
            else if (r.Is("hcaObjects"u8, ref seen, 1)) objects = r.Unsigned32();
            else r.Skip();
        }
        return new() { HcaHandles = handles, HcaObjects = objects };
    }

    private static LinuxInterfacePriority ReadPriority(ref ConfigReader r)
    {
        string? name = null;
        uint? priority = null;
        ulong seen = 0;
        if (!r.OpenObject()) throw r.Bad("an object");
        while (r.NextField())
        {
            if (r.Is("name"u8, ref seen, 0)) name = r.Text();
            else if (r.Is("priority"u8, ref seen, 1)) priority = r.Unsigned32();
            else r.Skip();
        }
        return new() { Name = name ?? throw r.Missing("name", "the name of an interface"), Priority = priority ?? throw r.Missing("priority", "a whole number") };
    }
}
