namespace Littlebox.Oci;

/// <summary><c>process.capabilities</c> (config.md, Linux Process): names as written, since an unknown one is a warning and no error.</summary>
public sealed record LinuxCapabilities
{
    /// <summary><c>bounding</c></summary>
    public IReadOnlyList<string> Bounding { get; init; } = [];

    /// <summary><c>effective</c></summary>
    public IReadOnlyList<string> Effective { get; init; } = [];

    /// <summary><c>inheritable</c></summary>
    public IReadOnlyList<string> Inheritable { get; init; } = [];

    /// <summary><c>permitted</c></summary>
    public IReadOnlyList<string> Permitted { get; init; } = [];

    /// <summary><c>ambient</c></summary>
    public IReadOnlyList<string> Ambient { get; init; } = [];
}
