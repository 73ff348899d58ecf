using System.Globalization;

namespace Littlebox.Runtime.Oci;

/// <summary><c>ociVersion</c> (config.md, Specification version; semver.org 2.0.0), where the words of the spec depend on it. Pre-releases (<c>1.2.0+dev</c>) count as what they lead to.</summary>
internal static class SpecVersion
{
    /// <summary>True when a version is this one or a later one.</summary>
    public static bool IsAtLeast(string version, int major, int minor, int patch) => Parse(version) is { } parsed && parsed.CompareTo((major, minor, patch)) >= 0;

    private static (int Major, int Minor, int Patch)? Parse(string version)
    {
        int end = version.AsSpan().IndexOfAny('-', '+');
        string[] parts = (end < 0 ? version : version[..end]).Split('.');
        if (parts.Length != 3 || end == version.Length - 1) return null;
        Span<int> numbers = stackalloc int[3];
        for (int i = 0; i < 3; i++)
        {
            // Neither a sign nor a leading zero.
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || parts[i] is ['0', _, ..]) return null;
        }
        return (numbers[0], numbers[1], numbers[2]);
    }
}
