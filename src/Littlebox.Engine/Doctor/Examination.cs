using Littlebox.Runtime.State;

namespace Littlebox.Engine.Doctor;

/// <summary>The whole examination of this machine, for this user.</summary>
public static class Examination
{
    /// <summary>Tries everything; takes some tens of milliseconds. The machine is as before afterwards.</summary>
    /// <param name="store">Where this user's containers are.</param>
    public static IReadOnlyList<Finding> Run(StateStore store) =>
    [
        .. KernelVersion.Find(),
        .. NamespaceTrials.Find(),
        .. NamespaceLimits.Find(),
        .. UserIdTrials.Find(),
        .. SystemCallTrials.Find(),
        .. FileSystemTrials.Find(),
        .. OverlayTrials.Find(),
        .. IdMappedTrials.Find(),
        .. Directories.Find(store),
        .. ControlGroups.Find(),
        .. SeccompTrials.Find(),
        .. SecurityModules.Find(),
    ];
}
