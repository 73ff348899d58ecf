namespace Littlebox.Oci;

/// <summary>An entry of <c>linux.timeOffsets</c> (config-linux.md, Offset for Time Namespace).</summary>
/// <param name="Clock">The key: <c>monotonic</c> or <c>boottime</c>.</param>
/// <param name="Secs"><c>secs</c></param>
/// <param name="Nanosecs"><c>nanosecs</c>, below 1,000,000,000.</param>
public sealed record LinuxTimeOffset(string Clock, long Secs, uint Nanosecs);
