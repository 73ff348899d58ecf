namespace Littlebox.Oci;

/// <summary><c>linux.resources.pids</c> (config-linux.md, PIDs).</summary>
public sealed record LinuxPids
{
    /// <summary><c>limit</c>: number of tasks; -1 is no limit, and 0 is a limit. Null where <c>pids</c> has none.</summary>
    public long? Limit { get; init; }
}
