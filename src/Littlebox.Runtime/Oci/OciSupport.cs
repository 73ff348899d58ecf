using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci;

/// <summary>Refuses what the plan cannot do, before anything is made: a weaker container than the document asks for is none.</summary>
internal static class OciSupport
{
    /// <summary>Throws for the first part of the document that cannot be done.</summary>
    public static void Check(Spec spec)
    {
        LinuxSection linux = spec.Linux;
        OciMountChecks.Check(spec);
        OciDeviceChecks.Check(spec);
        OciNetDevices.Check(spec);
        if (linux.IntelRdt is not null && SmallFile.TryReadText("/proc/filesystems")?.Contains("\tresctrl\n", StringComparison.Ordinal) is not true)
            throw new LittleboxException(ErrorKind.NotSupported, "config.json: /linux/intelRdt: this kernel, or this processor, has no resctrl file system (CONFIG_X86_CPU_RESCTRL), so caches and memory bandwidth cannot be divided");
        Refuse(linux.IntelRdt is not null, "/linux/intelRdt");
    }

    /// <summary>Throws where a filter cannot be set up.</summary>
    public static void Check(LinuxSeccomp profile, SeccompFilter filter)
    {
        if (filter.Notifies && profile.ListenerPath is not { Length: > 0 }) throw new ConfigException("config.json", "/linux/seccomp/listenerPath", "none", "the socket of the agent that SCMP_ACT_NOTIFY asks");
    }

    private static void Refuse(bool asked, string pointer)
    {
        if (asked) throw new LittleboxException(ErrorKind.NotSupported, $"config.json: {pointer}: this version of littlebox-oci cannot do it yet, and does not make a container without it");
    }
}
