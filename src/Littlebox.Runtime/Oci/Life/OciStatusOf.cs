using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary>In which state a container is: asked of the kernel, not of a file.</summary>
public static class OciStatusOf
{
    /// <summary>The state of a container and what is written down of it.</summary>
    public static OciStatus Container(OciDirectory directory, out OciContainerState? state)
    {
        state = directory.Read();
        return state is null ? OciStatus.Creating : Of(state, directory.WaitsForStart);
    }

    /// <summary>The state of a container that something is written down of.</summary>
    /// <param name="state">What is written down.</param>
    /// <param name="waitsForStart">Whether it has not been started yet.</param>
    public static OciStatus Of(OciContainerState state, bool waitsForStart)
    {
        if (!state.IsAlive) return OciStatus.Stopped;
        if (state.Creating) return OciStatus.Creating;
        if (OciCGroups.IsPaused(state)) return OciStatus.Paused;
        return waitsForStart ? OciStatus.Created : OciStatus.Running;
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
