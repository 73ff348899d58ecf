using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// <c>linux.resources</c> (runtime-spec, config-linux.md) put into force. A limit that this machine cannot enforce is an error that names its field:
/// never a container that is less limited than its config.json says.
/// </summary>
public static class ResourceLimits
{
    /// <summary>The writes that limits come to, in order, without device rules.</summary>
    /// <exception cref="LittleboxException">One cannot be enforced by this machine's version of cgroups, or makes no sense.</exception>
    public static IReadOnlyList<LimitWrite> Compile(LinuxResources resources, LimitContext context)
    {
        if (resources.Pids is { } pids) OtherLimits.AddPids(context, pids);
        if (resources.Memory is { } memory) MemoryLimits.Add(context, memory);
        if (resources.BlockIo is { } block) BlockLimits.Add(context, block);
        if (resources.Cpu is { } cpu) CpuLimits.Add(context, cpu);
        OtherLimits.AddHugePages(context, resources.HugepageLimits);
        if (resources.Network is { } network) OtherLimits.AddNetwork(context, network);
        OtherLimits.AddRdma(context, resources.Rdma);
        OtherLimits.AddUnified(context, resources.Unified);
        return context.Writes;
    }

    /// <summary>The controllers that limits need, each with a field that needs it: for <see cref="ContainerCGroups.Make"/>.</summary>
    /// <param name="resources">The limits, or <c>null</c> for none.</param>
    /// <param name="layout">The machine's hierarchies.</param>
    /// <param name="rootless">The caller is not root of the machine: then nothing is needed for device rules, see <see cref="Apply"/>.</param>
    /// <exception cref="LittleboxException">As <see cref="Compile"/>: so a bad limit is refused before anything is made.</exception>
    public static IReadOnlyDictionary<string, string> Needed(LinuxResources? resources, CGroupLayout layout, bool rootless = false)
    {
        var needed = new Dictionary<string, string>(StringComparer.Ordinal);
        if (resources is null) return needed;
        foreach (LimitWrite write in Compile(resources, LimitContext.Of(layout)))
        {
            if (write.Controller != "cgroup") needed.TryAdd(write.Controller, write.Pointer);
        }
        // Version 2 has no controller for devices, but programs.
        if (layout.Unified is null && resources.Devices.Count > 0 && !rootless) needed.TryAdd("devices", "/linux/resources/devices");
        return needed;
    }

    /// <summary>True where no field sets a limit (0 is "not set" in most): device rules apart.</summary>
    /// <exception cref="LittleboxException">As <see cref="Compile"/>.</exception>
    public static bool AsksForNothing(LinuxResources resources) => resources.Unified.Count == 0 && Compile(resources, new LimitContext(static _ => false, true, static (_, _) => null)).Count == 0;

    /// <summary>Puts limits into force, at the start or later (<c>update</c>). Fields that are not set stay as they are.</summary>
    /// <param name="cgroups">The container's cgroups.</param>
    /// <param name="resources">The limits.</param>
    /// <exception cref="LittleboxException">One cannot be enforced. Of an update, those before it are in force.</exception>
    public static void Apply(ContainerCGroups cgroups, LinuxResources resources) => LimitWriter.Write(cgroups, Compile(resources, LimitContext.Of(cgroups)));

    /// <summary>The device rules of config.json. A rule about pipes (<c>p</c>) is about nothing that a cgroup decides, and is left out.</summary>
    /// <exception cref="LittleboxException">A number does not fit into a device's.</exception>
    public static IReadOnlyList<DeviceRule> Devices(LinuxResources resources)
    {
        var rules = new List<DeviceRule>();
        for (int i = 0; i < resources.Devices.Count; i++)
        {
            LinuxDeviceCGroup device = resources.Devices[i];
            if (device.Type == LinuxDeviceType.Fifo) continue;
            uint? major = Number(device.Major, $"devices/{i}/major"), minor = Number(device.Minor, $"devices/{i}/minor");
            DeviceAccess access = DeviceRule.AccessOf(device.Access);
            if (device.Type == LinuxDeviceType.All && (major is not null || minor is not null || access != DeviceAccess.All))
            {
                // The kernel has "all devices" only without numbers; so it is said for both types.
                rules.Add(new DeviceRule(device.Allow, 'c', major, minor, access));
                rules.Add(new DeviceRule(device.Allow, 'b', major, minor, access));
            }
            else rules.Add(new DeviceRule(device.Allow, device.Type switch { LinuxDeviceType.All => 'a', LinuxDeviceType.Block => 'b', _ => 'c' }, major, minor, access));
        }
        return rules;
    }

    // -1 is how engines write "all".
    private static uint? Number(long? value, string pointer) => value switch
    {
        null or -1 => null,
        >= 0 and <= uint.MaxValue => (uint)value,
        _ => throw LimitContext.Refuse(pointer, $"{value} is no device number", ErrorKind.InvalidArgument),
    };
}
