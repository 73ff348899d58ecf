namespace Littlebox.Oci;

/// <summary>What is right in a document, and not as it should be.</summary>
public static class SpecWarnings
{
    /// <summary>All of it.</summary>
    public static IReadOnlyList<ConfigWarning> Of(Spec spec)
    {
        List<ConfigWarning> warnings = [];
        for (int i = 0; i < spec.Mounts.Count; i++)
        {
            // config.md, Mounts: it "SHOULD be an absolute path. For compatibility with old tools and configurations, it MAY be a relative path, in which case it MUST be interpreted as relative to "/"."
            if (!spec.Mounts[i].Destination.StartsWith('/')) warnings.Add(new($"/mounts/{i}/destination", $"{Quoted.Of(spec.Mounts[i].Destination)} is relative, which is deprecated: it is taken from / on"));
        }
        return warnings;
    }
}
