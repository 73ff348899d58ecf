using System.Globalization;
using System.Text;

namespace Littlebox.Runtime.Bus;

/// <summary>An address of a bus, as <c>DBUS_SESSION_BUS_ADDRESS</c> has it (D-Bus specification, Server Addresses).</summary>
public static class BusAddress
{
    /// <summary>The socket files that an address names, in order. Transports other than files (abstract names, TCP, programs) are left out.</summary>
    /// <param name="address">Addresses with <c>;</c> between: <c>unix:path=/run/user/1000/bus,guid=…</c>.</param>
    /// <param name="runtimeDirectory">What <c>unix:runtime=yes</c> stands for; <c>null</c> where there is none.</param>
    public static IEnumerable<string> Files(string address, string? runtimeDirectory)
    {
        foreach (string one in address.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!one.StartsWith("unix:", StringComparison.Ordinal)) continue;
            foreach (string pair in one[5..].Split(','))
            {
                if (pair.StartsWith("path=", StringComparison.Ordinal) && Unescape(pair[5..]) is { Length: > 0 } path) yield return path;
                else if (pair == "runtime=yes" && runtimeDirectory is not null) yield return runtimeDirectory + "/bus";
            }
        }
    }

    // %2f and the like; null where it is malformed.
    private static string? Unescape(string value)
    {
        if (!value.Contains('%')) return value;
        var bytes = new List<byte>();
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '%') bytes.AddRange(Encoding.UTF8.GetBytes(value[i].ToString()));
            else if (i + 2 < value.Length && byte.TryParse(value.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte escaped) && escaped != 0)
            {
                bytes.Add(escaped);
                i += 2;
            }
            else return null;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
