using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Properties of a container's unit that its annotations ask for: <c>org.systemd.property.NAME</c> with a value as <see cref="GVariantText"/> has it, as runc and crun
/// know it (runc, docs/systemd.md). <c>…Sec</c> in seconds becomes <c>…USec</c> in microseconds.
/// </summary>
public static class UnitAnnotations
{
    /// <summary>What the names of these annotations begin with.</summary>
    public const string Prefix = "org.systemd.property.";

    private const string Microseconds = "USec", Seconds = "Sec";

    // These decide which process is where: the runtime's own.
    private static readonly string[] Own = ["PIDs", "Slice"];

    /// <summary>Reads them.</summary>
    /// <exception cref="ConfigException">A name or a value is none.</exception>
    public static IReadOnlyList<UnitProperty> Of(IReadOnlyList<KeyValuePair<string, string>> annotations)
    {
        var properties = new List<UnitProperty>();
        foreach ((string key, string text) in annotations)
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            string name = key[Prefix.Length..], pointer = JsonPointer.Join("/annotations", key);
            if (name.Length < 3 || name.Any(static c => !char.IsAsciiLetter(c)) || Own.Contains(name))
                throw new ConfigException("config.json", pointer, $"the property “{name}”", "a property of systemd's units by its name of letters; not Slice and PIDs, which are the runtime's");
            BusValue value;
            try
            {
                value = GVariantText.Parse(text);
            }
            catch (FormatException wrong)
            {
                throw new ConfigException("config.json", pointer, $"{Linux.Text.Strace.Quote(text)}: {wrong.Message}", "a value with its type, such as uint64 5, 'text' or true");
            }
            // TimeoutStopSec, and not FOOSec or TimeoutStopUSec.
            if (name.Length > Seconds.Length && name.EndsWith(Seconds, StringComparison.Ordinal) && char.IsAsciiLetterLower(name[^(Seconds.Length + 1)]))
            {
                name = name[..^Seconds.Length] + Microseconds;
                value = InMicroseconds(value) ?? throw new ConfigException("config.json", pointer, Linux.Text.Strace.Quote(text), "a number of seconds");
            }
            properties.Add(new UnitProperty(name, value, pointer));
        }
        return properties;
    }

    private static BusValue? InMicroseconds(BusValue seconds)
    {
        if (seconds is not BusNumber { Type: not 'b' } number) return null;
        if (number.Type == 'd')
        {
            double microseconds = BitConverter.UInt64BitsToDouble(number.Bits) * 1e6;
            return microseconds is >= 0 and < 1.8e19 ? BusValue.Of((ulong)microseconds) : null;
        }
        bool isNegative = number.Type is 'n' or 'i' or 'x' && (long)number.Bits < 0;
        return isNegative || number.Bits > ulong.MaxValue / 1_000_000 ? null : BusValue.Of(number.Bits * 1_000_000);
    }
}
