using System.Globalization;

namespace Littlebox.Engine.Options;

/// <summary>Values of the options of a tmpfs (tmpfs(5)), checked before the kernel sees them: it takes some that it then reads as something else.</summary>
internal static class TmpfsValues
{
    private const string Suffixes = "kmgtpe";

    /// <summary>A number of bytes, with a suffix or without, or a share of the memory in per cent.</summary>
    public static bool IsSize(string value) => value.EndsWith('%') ? Digits(value[..^1], out ulong share) && share is > 0 and <= 100 : IsCount(value);

    /// <summary>A number with k, m, g, t, p or e behind or without. Beyond 2^63 the kernel's own arithmetic wraps, and there would be no limit at all.</summary>
    public static bool IsCount(string value)
    {
        int power = value.Length == 0 ? -1 : Suffixes.IndexOf(char.ToLowerInvariant(value[^1]));
        return Digits(power < 0 ? value : value[..^1], out ulong number) && number <= (ulong)long.MaxValue >> (10 * (power + 1));
    }

    /// <summary>The number of a user or a group.</summary>
    public static bool IsId(string value) => Digits(value, out ulong id) && id < uint.MaxValue;

    /// <summary>A mode in octal, 07777 at most.</summary>
    public static bool IsMode(string value) => value.Length is > 0 and <= 5 && value.All(static c => c is >= '0' and <= '7') && (value.Length < 5 || value[0] == '0');

    private static bool Digits(string value, out ulong number) => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
