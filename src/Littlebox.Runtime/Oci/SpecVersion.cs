using System.Globalization;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.Oci;

/// <summary><c>ociVersion</c> (config.md, Specification version; semver.org 2.0.0): which documents are understood, and where the spec's words depend on it.</summary>
internal static class SpecVersion
{
    /// <summary>Throws unless a document's version is 1.0.0 to 1.3.x; pre-releases (<c>1.0.0-rc6</c>, <c>1.2.0+dev</c>) count as what they lead to.</summary>
    /// <exception cref="LittleboxException">It is another one, or no version.</exception>
    public static void Check(string version)
    {
        if (Parse(version) is not (1, >= 0 and <= 3, _))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"config.json: /ociVersion: found {Strace.Quote(version)}; allowed: 1.0.0 to 1.3.x");
    }

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
