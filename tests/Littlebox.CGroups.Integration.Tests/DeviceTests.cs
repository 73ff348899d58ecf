using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Integration.Tests;

/// <summary>Device rules that a process in the cgroup runs into: files of devices made in a place of its own.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly string place = Directory.CreateTempSubdirectory("littlebox-devices-").FullName;

    public void Dispose() => Directory.Delete(place, recursive: true);

    public static TheoryData<bool> Versions => [false, true];

    // What the hardware random generator's number is used for: no default rule is about 10:183, and to open it fails otherwise (ENODEV, ENXIO) where it is not there.
    [Theory]
    [MemberData(nameof(Versions))]
    public void What_no_rule_allows_is_denied_and_an_update_changes_it_at_once(bool unified)
    {
        using var box = new Box();
        using ContainerCGroups cgroups = Only(box, unified);
        // 1:5 is zero, which the default rules allow; no default rule is about 1:4.
        string command = $"cd {place}; rm -f zero port; mknod zero c 1 5 && mknod port c 1 4 || exit 9; : < zero || exit 1; : 2>/dev/null < port || exit 2";
        DeviceLimits.Apply(cgroups, [new(false, 'a', null, null, DeviceAccess.All)]);
        Assert.Equal(2, box.Run(command));
        DeviceLimits.Apply(cgroups, [new(false, 'a', null, null, DeviceAccess.All), new(true, 'c', 1, 4, DeviceAccess.Read)]);
        bool hasPort = File.Exists("/dev/port");
        if (hasPort) Assert.Equal(0, box.Run(command));
        Assert.Equal(2, box.Run(command.Replace(": 2>/dev/null < port", ": 2>/dev/null > port")));
        DeviceLimits.Apply(cgroups, []);
        Assert.Equal(2, box.Run(command));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Everything_may_be_allowed_but_for_one(bool unified)
    {
        using var box = new Box();
        using ContainerCGroups cgroups = Only(box, unified);
        DeviceLimits.Apply(cgroups, [new(true, 'a', null, null, DeviceAccess.All), new(false, 'c', 1, 11, DeviceAccess.All)]);
        string command = $"cd {place}; rm -f log zero; mknod log c 1 11 && mknod zero c 1 5 || exit 9; : < zero || exit 1; : 2>/dev/null < log || exit 2";
        // Making is allowed again by the default rules.
        Assert.Equal(2, box.Run(command));
    }

    [Fact]
    public void A_program_takes_the_place_of_the_one_before()
    {
        using var box = new Box();
        using ContainerCGroups cgroups = Only(box, unified: true);
        for (int round = 0; round < 3; round++)
        {
            DeviceLimits.Apply(cgroups, [new(true, 'c', 10, (uint)round, DeviceAccess.All)]);
            Assert.Equal(0, Kernel.TryQueryDevicePrograms(cgroups.Unified!.Node.Descriptor, out List<Descriptor> programs));
            Assert.Single(programs);
            programs[0].Dispose();
        }
    }

    [Fact]
    public void Holes_in_wide_rules_and_many_rules_pass_the_verifier()
    {
        using var box = new Box();
        using ContainerCGroups cgroups = Only(box, unified: true);
        var rules = new List<DeviceRule> { new(true, 'c', 1, null, DeviceAccess.All), new(false, 'c', 1, 11, DeviceAccess.Read) };
        for (uint minor = 0; minor < 200; minor++) rules.Add(new DeviceRule(minor % 2 == 0, "cb"[(int)minor % 2], 4_000_000_000, minor, (DeviceAccess)(minor % 7 + 1)));
        DeviceLimits.Apply(cgroups, rules);
        Assert.Equal(2, box.Run($"cd {place}; mknod log c 1 11 || exit 9; : 2>/dev/null < log || exit 2"));
    }

    [Fact]
    public void The_list_of_version_1_is_what_was_asked_for()
    {
        using var box = new Box();
        using ContainerCGroups cgroups = Only(box, unified: false);
        DeviceLimits.Apply(cgroups, [new(true, 'b', 8, null, DeviceAccess.Read)]);
        string[] list = File.ReadAllLines($"{box.Path("devices")}/devices.list");
        Assert.Equal([.. DeviceRule.Defaults.Select(rule => rule.ToString()).Append("b 8:* r").Order()], list.Order());
    }

    // The cgroups of one version only: where both are there, the rules go to version 1.
    private static ContainerCGroups Only(Box box, bool unified)
    {
        Assert.SkipWhen(unified && box.CGroups.Unified is null, "version 2 is not mounted");
        Assert.SkipWhen(!unified && box.Layout.Of("devices") is null, "version 1 has no devices controller here");
        return ContainerCGroups.Open(box.CGroups.Paths.Where(pair => pair.Key.Length == 0 == unified).ToDictionary());
    }
}
