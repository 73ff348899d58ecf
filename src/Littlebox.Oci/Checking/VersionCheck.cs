using System.Globalization;

namespace Littlebox.Oci;

/// <summary><c>ociVersion</c> (spec.md: SemVer 2.0.0; a runtime of 1.3 takes 1.0 to 1.3).</summary>
internal static class VersionCheck
{
    private const string Allowed = "a version from 1.0.0 to 1.3.x, such as \"1.3.0\"";

    public static void Check(string version)
    {
        ReadOnlySpan<char> numbers = version;
        int tail = numbers.IndexOfAny('-', '+');
        if (tail == numbers.Length - 1) throw Bad(version);
        if (tail >= 0)
        {
            foreach (char c in numbers[tail..])
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '+' or '.')) throw Bad(version);
            }
            numbers = numbers[..tail];
        }
        Span<int> parts = stackalloc int[3];
        int count = 0;
        foreach (Range range in numbers.Split('.'))
        {
            ReadOnlySpan<char> part = numbers[range];
            bool leadingZero = part is ['0', _, ..];
            if (count == 3 || leadingZero || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out parts[count])) throw Bad(version);
            count++;
        }
        if (count != 3 || parts[0] != 1 || parts[1] > 3) throw Bad(version);
    }

    private static ConfigException Bad(string version) => Wrong.At("/ociVersion", Quoted.Of(version), Allowed);
}
