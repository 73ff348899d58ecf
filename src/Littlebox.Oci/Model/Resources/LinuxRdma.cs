namespace Littlebox.Oci;

/// <summary>A value of <c>linux.resources.rdma</c> (config-linux.md, RDMA): at least one of the two is given.</summary>
public sealed record LinuxRdma
{
    /// <summary><c>hcaHandles</c></summary>
    public uint? HcaHandles { get; init; }

    /// <summary><c>hcaObjects</c></summary>
    public uint? HcaObjects { get; init; }
}
