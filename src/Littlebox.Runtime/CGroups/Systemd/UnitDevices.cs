using System.Globalization;
using Littlebox.Linux;
using Littlebox.Runtime.Bus;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// Device rules as properties of a unit, DevicePolicy and DeviceAllow (systemd.resource-control(5)). They are put into force by ourselves as well
/// (<see cref="DeviceLimits"/>); systemd knows them so that it does not take them back when it goes over its units again (daemon-reload).
/// </summary>
internal static class UnitDevices
{
    private const string Pointer = "/linux/resources/devices";

    /// <summary>The properties; none where systemd has no words for the rules, and would allow less than they do.</summary>
    /// <param name="rules">The rules of config.json.</param>
    /// <param name="isUnified">Version 2, where systemd adds a program of its own beside ours; on version 1 it writes into the same files.</param>
    public static IReadOnlyList<UnitProperty> Of(IReadOnlyList<DeviceRule> rules, bool isUnified)
    {
        DevicePolicy policy;
        try
        {
            policy = DevicePolicy.Of([.. rules, .. DeviceRule.Defaults], Pointer);
        }
        catch (LittleboxException)
        {
            return [];
        }
        if (policy is { AllowsByDefault: true, Exceptions.Count: 0 }) return Properties("auto", []);
        if (policy.AllowsByDefault) return isUnified ? [] : Properties("strict", []);
        var allowed = new List<BusValue>();
        foreach (DeviceRule rule in policy.Exceptions)
        {
            if (NameOf(rule) is { } name) allowed.Add(new BusTuple([BusValue.Of(name), BusValue.Of(rule.ToString()[(rule.ToString().LastIndexOf(' ') + 1)..])]));
            else if (isUnified) return [];
        }
        return Properties("strict", allowed);
    }

    // By number, whether there is a file of that name or not; there is no word for one minor number of all major ones.
    private static string? NameOf(in DeviceRule rule)
    {
        string kind = rule.Type == 'b' ? "block" : "char";
        return rule switch
        {
            { Major: null, Minor: null } => kind + "-*",
            { Major: null } => null,
            { Minor: null } => string.Create(CultureInfo.InvariantCulture, $"{kind}-{rule.Major}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"/dev/{kind}/{rule.Major}:{rule.Minor}"),
        };
    }

    // An empty list takes away what was there, which the next one is added to.
    private static List<UnitProperty> Properties(string policy, List<BusValue> allowed)
    {
        List<UnitProperty> properties = [new("DevicePolicy", BusValue.Of(policy), Pointer), new("DeviceAllow", new BusArray("(ss)", []), Pointer)];
        if (allowed.Count > 0) properties.Add(new UnitProperty("DeviceAllow", new BusArray("(ss)", allowed), Pointer));
        return properties;
    }
}
