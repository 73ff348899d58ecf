using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>update</c>: other limits for a container that is there.</summary>
public static class OciUpdate
{
    /// <summary>Puts limits into force; fields that are not set stay as they are.</summary>
    /// <exception cref="LittleboxException">The container does not exist or has stopped, or a limit cannot be enforced: then those before it are in force.</exception>
    public static void Update(OciStore store, string id, LinuxResources resources)
    {
        using OciDirectory directory = store.Open(id);
        OciStatus status = OciStatusOf.Container(directory, out OciContainerState? state);
        if (state is null || status is OciStatus.Stopped) throw new LittleboxException(ErrorKind.InvalidArgument, $"container not running: {id} is {OciStatusOf.Word(status)}, and has no limits to update");
        using ContainerCGroups cgroups = OciCGroups.Open(state);
        CGroupManagers.Of(state.CGroupManager).Limit(cgroups, resources);
        if (resources.Devices.Count > 0) DeviceLimits.Apply(cgroups, ResourceLimits.Devices(resources));
    }
}
