namespace Littlebox.Oci;

/// <summary><c>linux</c></summary>
internal static class LinuxReader
{
    public static LinuxSection? ReadLinux(ref ConfigReader r)
    {
        IReadOnlyList<LinuxNamespace> namespaces = [];
        IReadOnlyList<LinuxIdMapping> uids = [], gids = [];
        IReadOnlyList<LinuxTimeOffset> offsets = [];
        IReadOnlyList<LinuxDevice> devices = [];
        IReadOnlyList<LinuxNetDevice> netDevices = [];
        string? cgroupsPath = null, mountLabel = null;
        LinuxResources? resources = null;
        LinuxIntelRdt? intelRdt = null;
        LinuxMemoryPolicy? memoryPolicy = null;
        IReadOnlyList<KeyValuePair<string, string>> sysctl = [];
        LinuxSeccomp? seccomp = null;
        RootfsPropagation? propagation = null;
        IReadOnlyList<string> masked = [], readOnly = [];
        LinuxPersonality? personality = null;
        ulong seen = 0;
        if (!r.OpenObject()) return null;
        while (r.NextField())
        {
            if (r.Is("namespaces"u8, ref seen, 0)) namespaces = r.List(NamespaceReader.ReadNamespace);
            else if (r.Is("uidMappings"u8, ref seen, 1)) uids = r.List(MountReader.ReadIdMapping);
            else if (r.Is("gidMappings"u8, ref seen, 2)) gids = r.List(MountReader.ReadIdMapping);
            else if (r.Is("timeOffsets"u8, ref seen, 3)) offsets = NamespaceReader.ReadTimeOffsets(ref r);
            else if (r.Is("devices"u8, ref seen, 4)) devices = r.List(DeviceReader.ReadDevice);
            else if (r.Is("netDevices"u8, ref seen, 5)) netDevices = DeviceReader.ReadNetDevices(ref r);
            else if (r.Is("cgroupsPath"u8, ref seen, 6)) cgroupsPath = r.TextOrNone();
            else if (r.Is("resources"u8, ref seen, 7)) resources = ResourcesReader.ReadResources(ref r);
            else if (r.Is("intelRdt"u8, ref seen, 8)) intelRdt = PolicyReader.ReadIntelRdt(ref r);
            else if (r.Is("memoryPolicy"u8, ref seen, 9)) memoryPolicy = PolicyReader.ReadMemoryPolicy(ref r);
            else if (r.Is("sysctl"u8, ref seen, 10)) sysctl = r.TextMap();
            else if (r.Is("seccomp"u8, ref seen, 11)) seccomp = SeccompReader.ReadSeccomp(ref r);
            else if (r.Is("rootfsPropagation"u8, ref seen, 12)) propagation = PolicyReader.ReadPropagation(ref r);
            else if (r.Is("maskedPaths"u8, ref seen, 13)) masked = r.Texts();
            else if (r.Is("readonlyPaths"u8, ref seen, 14)) readOnly = r.Texts();
            else if (r.Is("mountLabel"u8, ref seen, 15)) mountLabel = r.TextOrNone();
            else if (r.Is("personality"u8, ref seen, 16)) personality = PolicyReader.ReadPersonality(ref r);
            else r.Skip();
        }
        return new()
        {
            Namespaces = namespaces,
            UidMappings = uids,
            GidMappings = gids,
            TimeOffsets = offsets,
            Devices = devices,
            NetDevices = netDevices,
            CGroupsPath = cgroupsPath,
            Resources = resources,
            IntelRdt = intelRdt,
            MemoryPolicy = memoryPolicy,
            Sysctl = sysctl,
            Seccomp = seccomp,
            RootfsPropagation = propagation,
            MaskedPaths = masked,
            ReadonlyPaths = readOnly,
            MountLabel = mountLabel,
            Personality = personality,
        };
    }
}
