using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Engine.Doctor;

/// <summary>The kernel's version against the floor.</summary>
internal static class KernelVersion
{
    private const int FloorMajor = 5, FloorMinor = 14;

    public static IEnumerable<Finding> Find()
    {
        (_, string release, string machine) = Kernel.Uname();
        bool known = TryParse(release, out int major, out int minor);
        bool enough = !known || (major, minor).CompareTo((FloorMajor, FloorMinor)) >= 0;
        yield return new Finding("kernel", "version", enough, Weight.Needed, $"{release} on {machine}; the floor is {FloorMajor}.{FloorMinor}");
    }

    /// <summary>Reads the first two numbers of <c>6.1.0-42-amd64</c>.</summary>
    public static bool TryParse(string release, out int major, out int minor)
    {
        string[] parts = release.Split('.', '-', '+');
        minor = 0;
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out major)
            && parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minor);
    }
}
