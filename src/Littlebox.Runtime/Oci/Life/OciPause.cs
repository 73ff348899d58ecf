using Littlebox.Linux;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>pause</c> and <c>resume</c>: the processes of a container stop where they are, and go on.</summary>
public static class OciPause
{
    /// <summary>Stops all processes of a container; returns when they have stopped.</summary>
    /// <exception cref="LittleboxException">It does not exist, does not run, or cannot be stopped.</exception>
    public static void Pause(OciStore store, string id)
    {
        using OciDirectory directory = store.Open(id);
        OciStatus status = OciStatusOf.Container(directory, out OciContainerState? state);
        if (status is not (OciStatus.Running or OciStatus.Created))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"container not running or created: {OciStatusOf.Word(status)}");
        using ContainerCGroups cgroups = OciCGroups.Open(state!);
        CGroupFreezer.Freeze(cgroups);
    }

    /// <summary>Lets them go on.</summary>
    /// <exception cref="LittleboxException">It does not exist, or is not paused.</exception>
    public static void Resume(OciStore store, string id)
    {
        using OciDirectory directory = store.Open(id);
        OciStatus status = OciStatusOf.Container(directory, out OciContainerState? state);
        if (status is not OciStatus.Paused) throw new LittleboxException(ErrorKind.InvalidArgument, $"container not paused: {OciStatusOf.Word(status)}");
        using ContainerCGroups cgroups = OciCGroups.Open(state!);
        CGroupFreezer.Thaw(cgroups);
    }
}
