using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary>In which state a container is: asked of the kernel, not of a file.</summary>
public static class OciStatusOf
{
    /// <summary>The state of a container and what is written down of it.</summary>
    public static OciStatus Container(OciDirectory directory, out OciContainerState? state)
    {
        state = directory.Read();
        if (state is null) return OciStatus.Creating;
        if (!state.IsAlive) return OciStatus.Stopped;
        return directory.WaitsForStart ? OciStatus.Created : OciStatus.Running;
    }

    /// <summary>The word that engines read.</summary>
    public static string Word(OciStatus status) => status switch
    {
        OciStatus.Creating => "creating",
        OciStatus.Created => "created",
        OciStatus.Running => "running",
        OciStatus.Paused => "paused",
        _ => "stopped",
    };
}
