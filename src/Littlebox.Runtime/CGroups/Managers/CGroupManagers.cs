using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.CGroups;

/// <summary>Chooses the manager of a container's cgroups.</summary>
public static class CGroupManagers
{
    /// <summary>The manager of a container that is to be made.</summary>
    /// <param name="spec">The document.</param>
    /// <param name="id">The name of its cgroup where the document has none.</param>
    /// <param name="layout">The machine's hierarchies; <c>null</c> where none is mounted.</param>
    /// <param name="rootless">The caller may not be root of the machine (<c>--rootless</c>): where it may make no cgroup and nothing asks for one, there is none.</param>
    /// <param name="systemd">The systemd that makes them (<c>--systemd-cgroup</c>); <c>null</c> for directories.</param>
    /// <returns><c>null</c> where the machine has no cgroups, and nothing asks for any.</returns>
    /// <exception cref="LittleboxException">A limit cannot be enforced here; nothing has been touched.</exception>
    public static ICGroupManager? ToMake(Spec spec, string id, CGroupLayout? layout, bool rootless, SystemdInstance? systemd)
    {
        LinuxSection linux = spec.Linux;
        bool isNamed = !string.IsNullOrEmpty(linux.CGroupsPath);
        if (layout is null)
        {
            if (!isNamed && (linux.Resources is null || ResourceLimits.AsksForNothing(linux.Resources) && (rootless || linux.Resources.Devices.Count == 0))) return null;
            throw new LittleboxException(ErrorKind.NotSupported, $"{(isNamed ? "/linux/cgroupsPath" : "/linux/resources")} cannot be enforced: no cgroup file system is mounted here; mount one, for instance "
                + "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
        }
        if (systemd is { } instance) return new SystemdCGroupManager(instance, spec, id, layout, rootless);
        return new DirectoryCGroupManager(layout, CGroupPath.Parse(linux.CGroupsPath, id), ResourceLimits.Needed(linux.Resources, layout, rootless), mayLack: rootless && !isNamed);
    }

    /// <summary>The manager of a container that is there.</summary>
    /// <param name="record">What its record keeps: <see cref="ICGroupManager.Record"/>.</param>
    public static ICGroupManager Of(string record) => record.Length == 0
        ? new DirectoryCGroupManager()
        : SystemdCGroupManager.TryOf(record) as ICGroupManager ?? throw new LittleboxException(ErrorKind.NotSupported, $"the cgroups of this container were made by “{record}”, which this littlebox-oci does not know");
}
