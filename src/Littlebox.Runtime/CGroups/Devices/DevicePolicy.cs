using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// What a list of rules comes to: a verdict for all devices, and exceptions from it. Everything is denied at first; of two rules about a device, the
/// later one counts.
/// </summary>
/// <remarks>
/// runc lets a rule take back only an earlier one about exactly the same numbers: <c>allow c 1:3</c>, <c>deny c *:*</c> leaves 1:3 allowed there, as
/// in the kernel's version 1 files. Here it is denied, which is what the order of the specification says.
/// </remarks>
public sealed class DevicePolicy
{
    private readonly List<DeviceRule> exceptions = [];

    /// <summary>True where a device is allowed that no exception is about.</summary>
    public bool AllowsByDefault { get; private set; }

    /// <summary>Rules of the other verdict than <see cref="AllowsByDefault"/>, no two about the same numbers.</summary>
    public IReadOnlyList<DeviceRule> Exceptions => exceptions;

    /// <summary>Puts rules together.</summary>
    /// <param name="rules">In order.</param>
    /// <param name="pointer">The rules' place in config.json, for errors.</param>
    /// <exception cref="LittleboxException">
    /// A rule takes back a part of an earlier, wider one (<c>allow c *:*</c>, <c>deny c 1:3</c>). Version 1 of cgroups has no way to say that; the
    /// kernel would ignore it in silence. Version 2 has: <see cref="DeviceProgram"/> needs no policy.
    /// </exception>
    public static DevicePolicy Of(IEnumerable<DeviceRule> rules, string pointer = "/linux/resources/devices")
    {
        var policy = new DevicePolicy();
        int index = 0;
        foreach (DeviceRule rule in rules) policy.Add(rule, $"{pointer}/{index++}");
        return policy;
    }

    /// <summary>Reads <c>devices.list</c> of version 1, which names what is allowed.</summary>
    public static DevicePolicy OfList(string list)
    {
        var policy = new DevicePolicy();
        foreach (string line in list.Split('\n'))
        {
            if (DeviceRule.Parse(line) is { } rule) policy.Add(rule, "devices.list");
        }
        return policy;
    }

    private void Add(DeviceRule rule, string pointer)
    {
        if (rule.Type == 'a')
        {
            AllowsByDefault = rule.Allow;
            exceptions.Clear();
        }
        else if (rule.Allow != AllowsByDefault) AddException(rule);
        else TakeBack(rule, pointer);
    }

    private void AddException(DeviceRule rule)
    {
        int same = exceptions.FindIndex(other => (other.Type, other.Major, other.Minor) == (rule.Type, rule.Major, rule.Minor));
        if (same < 0) exceptions.Add(rule);
        else exceptions[same] = rule with { Access = rule.Access | exceptions[same].Access };
    }

    private void TakeBack(DeviceRule rule, string pointer)
    {
        for (int i = exceptions.Count - 1; i >= 0; i--)
        {
            DeviceRule earlier = exceptions[i];
            if ((earlier.Access & rule.Access) == 0 || !rule.Meets(earlier)) continue;
            if (!rule.Covers(earlier))
            {
                throw new LittleboxException(ErrorKind.NotSupported, $"{pointer} cannot be enforced: “{(rule.Allow ? "allow" : "deny")} {rule}” takes back a part of the earlier "
                    + $"“{(earlier.Allow ? "allow" : "deny")} {earlier}”, which version 1 of cgroups cannot express: name the devices one by one");
            }
            DeviceAccess left = earlier.Access & ~rule.Access;
            if (left == 0) exceptions.RemoveAt(i);
            else exceptions[i] = earlier with { Access = left };
        }
    }
}
