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
        CheckLengths(spec);
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

    // What the program of one start can hold, with room to spare: some registers for each.
    private static void CheckLengths(Spec spec)
    {
        const int Most = 1500;
        ReadOnlySpan<(string Pointer, int Count)> lists =
        [
            ("/mounts", spec.Mounts.Count), ("/linux/devices", spec.Linux.Devices.Count), ("/linux/maskedPaths", spec.Linux.MaskedPaths.Count), ("/linux/readonlyPaths", spec.Linux.ReadonlyPaths.Count),
            ("/linux/sysctl", spec.Linux.Sysctl.Count), ("/hooks/createContainer", spec.Hooks.CreateContainer.Count), ("/hooks/startContainer", spec.Hooks.StartContainer.Count),
        ];
        foreach ((string pointer, int count) in lists)
        {
            if (count > Most) throw new ConfigException("config.json", pointer, $"{count} entries", $"at most {Most}");
        }
    }

    private static void Refuse(bool asked, string pointer)
    {
        if (asked) throw new LittleboxException(ErrorKind.NotSupported, $"config.json: {pointer}: this version of littlebox-oci cannot do it yet, and does not make a container without it");
    }
}
