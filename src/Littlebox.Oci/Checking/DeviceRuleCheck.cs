namespace Littlebox.Oci;

/// <summary><c>linux.resources.devices</c> (config-linux.md, Allowed Device list).</summary>
internal static class DeviceRuleCheck
{
    public static void Check(IReadOnlyList<LinuxDeviceCGroup> rules, Func<string, string, string, ConfigException> bad)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            LinuxDeviceCGroup rule = rules[i];
            if (rule.Major is < 0 or > uint.MaxValue) throw bad($"devices/{i}/major", $"{rule.Major}", "a device number, or -1 for every one");
            if (rule.Minor is < 0 or > uint.MaxValue) throw bad($"devices/{i}/minor", $"{rule.Minor}", "a device number, or -1 for every one");
            if (rule.Access.AsSpan().IndexOfAnyExcept("rwm") >= 0) throw bad($"devices/{i}/access", Quoted.Of(rule.Access), "letters of rwm: read, write, mknod");
        }
    }
}
