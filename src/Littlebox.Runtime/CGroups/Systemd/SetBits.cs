using System.Globalization;

namespace Littlebox.Runtime.CGroups;

/// <summary>Lists such as <c>0-3,7</c> as systemd wants them: a bit for each number, the lowest in the first byte (AllowedCPUs, AllowedMemoryNodes).</summary>
internal static class SetBits
{
    // CONFIG_NR_CPUS is 8192 at most.
    private const int Most = 65536;

    /// <summary>The bytes; <c>null</c> where the text is no list, names nothing, or more than there can be: the kernel says what is wrong with it.</summary>
    public static byte[]? Of(string list)
    {
        byte[] bits = new byte[Most / 8];
        int length = 0;
        foreach (string part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last) || first > last) return null;
            for (int i = first; i <= last; i++) bits[i / 8] |= (byte)(1 << (i % 8));
            length = Math.Max(length, last / 8 + 1);
        }
        return length == 0 ? null : bits[..length];
    }

    private static bool Number(string text, out int number) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Most;
}
