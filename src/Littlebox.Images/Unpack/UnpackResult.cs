namespace Littlebox.Images.Unpack;

/// <summary>What was unpacked, and what was left out.</summary>
public sealed record UnpackResult
{
    /// <summary>Names made, directories that the archive only implied included.</summary>
    public long Entries { get; init; }

    /// <summary>Bytes of the archive without its compression.</summary>
    public long Bytes { get; init; }

    /// <summary>Devices that this user may not make.</summary>
    public int SkippedDevices { get; init; }

    /// <summary>Extended attributes that this user, or this file system, may not set, those that overlayfs keeps for itself, and access control lists as text.</summary>
    public int SkippedAttributes { get; init; }

    /// <summary>False where all files are the calling user's, since only root may set owners.</summary>
    public bool OwnersSet { get; init; }

    /// <summary>What was left out, in sentences for people; empty where nothing was.</summary>
    public IEnumerable<string> Notices()
    {
        if (!OwnersSet) yield return "all files are yours: only root may set the owners that the archive has";
        if (SkippedDevices > 0) yield return $"left out {SkippedDevices} device{(SkippedDevices == 1 ? "" : "s")}: only root may make them";
        if (SkippedAttributes > 0) yield return $"left out {SkippedAttributes} extended attribute{(SkippedAttributes == 1 ? "" : "s")} that may not be set here";
    }
}
