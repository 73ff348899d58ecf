namespace Littlebox.Oci;

/// <summary>
/// A container as config.json describes it (runtime-spec 1.0.0 to 1.3, config.md). Lists that the document leaves out are empty; values that it leaves
/// out are null. Parts for other systems (windows, solaris, vm, zos, freebsd) are not read.
/// </summary>
public sealed record Spec
{
    /// <summary><c>ociVersion</c> (config.md, Specification version).</summary>
    public required string OciVersion { get; init; }

    /// <summary><c>process</c>; null is allowed to create, not to start.</summary>
    public Process? Process { get; init; }

    /// <summary><c>root</c>: required on Linux.</summary>
    public required Root Root { get; init; }

    /// <summary><c>hostname</c>; null where not given.</summary>
    public string? Hostname { get; init; }

    /// <summary><c>domainname</c>; null where not given.</summary>
    public string? Domainname { get; init; }

    /// <summary><c>mounts</c>, in the order in which they are mounted.</summary>
    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary><c>hooks</c></summary>
    public Hooks Hooks { get; init; } = Hooks.None;

    /// <summary><c>annotations</c>, in the order of the document.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Annotations { get; init; } = [];

    /// <summary><c>linux</c>; an empty one where config.json has none.</summary>
    public LinuxSection Linux { get; init; } = LinuxSection.Empty;
}
