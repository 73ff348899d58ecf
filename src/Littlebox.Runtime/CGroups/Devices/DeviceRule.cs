using System.Globalization;

namespace Littlebox.Runtime.CGroups;

/// <summary>One rule of <c>linux.resources.devices</c>.</summary>
/// <param name="Allow">Allow, or deny.</param>
/// <param name="Type"><c>c</c>, <c>b</c>, or <c>a</c> for all devices; then major, minor and access mean nothing, as in the kernel and in runc.</param>
/// <param name="Major">The major number, or <c>null</c> for all.</param>
/// <param name="Minor">The minor number, or <c>null</c> for all.</param>
/// <param name="Access">What is allowed or denied.</param>
public readonly record struct DeviceRule(bool Allow, char Type, uint? Major, uint? Minor, DeviceAccess Access)
{
    /// <summary>
    /// What every container may use, whatever its rules say (config-linux.md, Default Devices; runc's list): make any device file, null, zero, full,
    /// random, urandom, tty, ptmx, the pseudo-terminals and net/tun. They come after the rules of config.json. /dev/console is one of the pseudo-terminals.
    /// </summary>
    public static IReadOnlyList<DeviceRule> Defaults { get; } =
    [
        new(true, 'c', null, null, DeviceAccess.Make), new(true, 'b', null, null, DeviceAccess.Make),
        new(true, 'c', 1, 3, DeviceAccess.All), new(true, 'c', 1, 5, DeviceAccess.All), new(true, 'c', 1, 7, DeviceAccess.All), new(true, 'c', 1, 8, DeviceAccess.All),
        new(true, 'c', 1, 9, DeviceAccess.All), new(true, 'c', 5, 0, DeviceAccess.All), new(true, 'c', 5, 2, DeviceAccess.All), new(true, 'c', 136, null, DeviceAccess.All),
        new(true, 'c', 10, 200, DeviceAccess.All),
    ];

    /// <summary>True where this rule is about every device that the other one is about.</summary>
    public bool Covers(in DeviceRule other) =>
        Type == 'a' || (Type == other.Type && (Major is null || Major == other.Major) && (Minor is null || Minor == other.Minor));

    /// <summary>True where there is a device that both are about.</summary>
    public bool Meets(in DeviceRule other) => Type == 'a' || other.Type == 'a' || (Type == other.Type
        && (Major is null || other.Major is null || Major == other.Major) && (Minor is null || other.Minor is null || Minor == other.Minor));

    /// <summary>As <c>devices.allow</c> and <c>devices.deny</c> take it: <c>c 1:3 rwm</c>.</summary>
    public override string ToString() => Type == 'a'
        ? "a *:* rwm"
        : string.Create(CultureInfo.InvariantCulture, $"{Type} {(Major is { } major ? major.ToString(CultureInfo.InvariantCulture) : "*")}:{(Minor is { } minor ? minor.ToString(CultureInfo.InvariantCulture) : "*")} {Letters(Access)}");

    /// <summary>Reads a line of <c>devices.list</c>; <c>null</c> where it is none.</summary>
    public static DeviceRule? Parse(string line)
    {
        string[] fields = line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        if (fields is not [[var type], var major, var minor, var letters] || type is not ('a' or 'b' or 'c')) return null;
        return Number(major, out uint? majorNumber) && Number(minor, out uint? minorNumber) ? new DeviceRule(true, type, majorNumber, minorNumber, AccessOf(letters)) : null;
    }

    /// <summary>The access that letters stand for; others are left out.</summary>
    public static DeviceAccess AccessOf(string letters) => (letters.Contains('r') ? DeviceAccess.Read : 0) | (letters.Contains('w') ? DeviceAccess.Write : 0) | (letters.Contains('m') ? DeviceAccess.Make : 0);

    private static string Letters(DeviceAccess access) =>
        (access.HasFlag(DeviceAccess.Read) ? "r" : "") + (access.HasFlag(DeviceAccess.Write) ? "w" : "") + (access.HasFlag(DeviceAccess.Make) ? "m" : "");

    private static bool Number(string text, out uint? number)
    {
        number = null;
        if (text == "*") return true;
        bool isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value);
        number = value;
        return isNumber;
    }
}
