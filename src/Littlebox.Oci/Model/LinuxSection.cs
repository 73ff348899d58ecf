namespace Littlebox.Oci;

/// <summary><c>linux</c> (config-linux.md).</summary>
public sealed record LinuxSection
{
    /// <summary>What a config.json without <c>linux</c> means.</summary>
    public static LinuxSection Empty { get; } = new();

    /// <summary><c>namespaces</c>, in the order of the document; a type that is missing is the runtime's own.</summary>
    public IReadOnlyList<LinuxNamespace> Namespaces { get; init; } = [];

    /// <summary><c>uidMappings</c></summary>
    public IReadOnlyList<LinuxIdMapping> UidMappings { get; init; } = [];

    /// <summary><c>gidMappings</c></summary>
    public IReadOnlyList<LinuxIdMapping> GidMappings { get; init; } = [];

    /// <summary><c>timeOffsets</c></summary>
    public IReadOnlyList<LinuxTimeOffset> TimeOffsets { get; init; } = [];

    /// <summary><c>devices</c></summary>
    public IReadOnlyList<LinuxDevice> Devices { get; init; } = [];

    /// <summary><c>netDevices</c></summary>
    public IReadOnlyList<LinuxNetDevice> NetDevices { get; init; } = [];

    /// <summary><c>cgroupsPath</c>; null where not given.</summary>
    public string? CGroupsPath { get; init; }

    /// <summary><c>resources</c></summary>
    public LinuxResources? Resources { get; init; }

    /// <summary><c>intelRdt</c></summary>
    public LinuxIntelRdt? IntelRdt { get; init; }

    /// <summary><c>memoryPolicy</c></summary>
    public LinuxMemoryPolicy? MemoryPolicy { get; init; }

    /// <summary><c>sysctl</c>: names and values, in the order of the document.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Sysctl { get; init; } = [];

    /// <summary><c>seccomp</c></summary>
    public LinuxSeccomp? Seccomp { get; init; }

    /// <summary><c>rootfsPropagation</c>; null where not given.</summary>
    public RootfsPropagation? RootfsPropagation { get; init; }

    /// <summary><c>maskedPaths</c></summary>
    public IReadOnlyList<string> MaskedPaths { get; init; } = [];

    /// <summary><c>readonlyPaths</c></summary>
    public IReadOnlyList<string> ReadonlyPaths { get; init; } = [];

    /// <summary><c>mountLabel</c>; null where not given.</summary>
    public string? MountLabel { get; init; }

    /// <summary><c>personality</c></summary>
    public LinuxPersonality? Personality { get; init; }

    /// <summary>The entry of <c>namespaces</c> for this type; null where the container shares the runtime's.</summary>
    public LinuxNamespace? Namespace(LinuxNamespaceType type)
    {
        for (int i = 0; i < Namespaces.Count; i++)
        {
            if (Namespaces[i].Type == type) return Namespaces[i];
        }
        return null;
    }
}
