using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.OciCli.Verbs;

/// <summary>Durations as Go writes them: numbers with a unit behind each, <c>1m30s</c>, <c>500ms</c>, <c>1.5h</c>.</summary>
internal static class Duration
{
    /// <summary>Reads one, in milliseconds.</summary>
    /// <param name="text">The words.</param>
    /// <param name="flag">The flag, for errors.</param>
    /// <exception cref="LittleboxException">It is none.</exception>
    public static double Milliseconds(string text, string flag)
    {
        ReadOnlySpan<char> rest = text;
        bool negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..]) rest = rest[1..];
        if (rest is "0") return 0;
        double sum = 0;
        do
        {
            int digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.')) digits++;
            int end = digits;
            while (end < rest.Length && !char.IsAsciiDigit(rest[end]) && rest[end] != '.') end++;
            double unit = rest[digits..end] switch { "ns" => 1e-6, "us" or "µs" or "μs" => 1e-3, "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, _ => double.NaN };
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) || double.IsNaN(unit))
                throw new LittleboxException(ErrorKind.InvalidArgument, $"invalid value \"{text}\" for flag -{flag}: a duration is for instance 5s, 500ms or 1m30s");
            sum += number * unit;
            rest = rest[end..];
        }
        while (!rest.IsEmpty);
        return negative ? -sum : sum;
    }
}
