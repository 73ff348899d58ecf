namespace Littlebox.Oci;

/// <summary><c>root</c> (config.md, Root).</summary>
public sealed record Root
{
    /// <summary><c>path</c>: absolute, or relative to the bundle.</summary>
    public required string Path { get; init; }

    /// <summary><c>readonly</c></summary>
    public bool Readonly { get; init; }
}
