namespace Littlebox.Oci;

/// <summary>An entry of <c>linux.resources.hugepageLimits</c> (config-linux.md, Huge page limits).</summary>
public sealed record LinuxHugepageLimit
{
    /// <summary><c>pageSize</c>: as the kernel names its files, <c>64KB</c>, <c>2MB</c>, <c>1GB</c>.</summary>
    public required string PageSize { get; init; }

    /// <summary><c>limit</c>, bytes.</summary>
    public required ulong Limit { get; init; }
}
