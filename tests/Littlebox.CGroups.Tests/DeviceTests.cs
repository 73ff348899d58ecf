using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

public sealed class DeviceTests
{
    private static readonly uint[] Numbers = [0, 1, 3, 5, uint.MaxValue];

    [Fact]
    public void The_program_and_the_policy_say_what_the_order_of_the_rules_says()
    {
        var random = new Random(20);
        for (int round = 0; round < 500; round++)
        {
            DeviceRule[] rules = [.. Enumerable.Range(0, random.Next(6)).Select(_ => new DeviceRule(random.Next(2) == 0, "ccba"[random.Next(4)], Some(random), Some(random), (DeviceAccess)random.Next(1, 8)))];
            ulong[] program = DeviceProgram.Compile(rules);
            DevicePolicy? policy = null;
            try
            {
                policy = DevicePolicy.Of(rules);
            }
            catch (LittleboxException)
            {
                // version 1 cannot say it
            }
            foreach (char type in "cb")
                foreach (uint major in Numbers)
                    foreach (uint minor in Numbers)
                        for (int access = 1; access < 8; access++)
                        {
                            bool expected = Verdict(rules, type, major, minor, (DeviceAccess)access);
                            string question = $"{string.Join("; ", rules)}: {type} {major}:{minor} {(DeviceAccess)access}";
                            Assert.True(expected == (BpfMachine.Run(program, ((uint)access << 16) | (type == 'b' ? 1u : 2u), major, minor) == 1), question);
                            if (policy is not null) Assert.True(expected == Verdict([new DeviceRule(policy.AllowsByDefault, 'a', null, null, DeviceAccess.All), .. policy.Exceptions], type, major, minor, (DeviceAccess)access), question);
                        }
        }
    }

    // Each kind of access by itself: the last rule about it decides; nothing is allowed at first.
    private static bool Verdict(IReadOnlyList<DeviceRule> rules, char type, uint major, uint minor, DeviceAccess access)
    {
        foreach (DeviceAccess one in (DeviceAccess[])[DeviceAccess.Make, DeviceAccess.Read, DeviceAccess.Write])
        {
            if ((access & one) == 0) continue;
            bool allowed = false;
            foreach (DeviceRule rule in rules)
            {
                if (rule.Type == 'a' || ((rule.Access & one) != 0 && rule.Covers(new DeviceRule(true, type, major, minor, one)))) allowed = rule.Allow;
            }
            if (!allowed) return false;
        }
        return true;
    }

    private static uint? Some(Random random) => random.Next(3) == 0 ? null : Numbers[random.Next(Numbers.Length)];

    [Fact]
    public void A_hole_in_a_wider_rule_is_refused_on_version_1()
    {
        var error = Assert.Throws<LittleboxException>(() => DevicePolicy.Of([new(true, 'c', 1, null, DeviceAccess.All), new(false, 'c', 1, 3, DeviceAccess.Write)]));
        Assert.StartsWith("/linux/resources/devices/1 cannot be enforced: “deny c 1:3 w” takes back a part of the earlier “allow c 1:* rwm”", error.Message);
    }

    [Fact]
    public void An_update_writes_only_what_changes()
    {
        DevicePolicy before = DevicePolicy.OfList("c 1:3 rwm\nc 1:5 rw\nb *:* m\n");
        DevicePolicy after = DevicePolicy.Of([new(true, 'c', 1, 3, DeviceAccess.Read), new(true, 'b', null, null, DeviceAccess.Make), new(true, 'c', 10, 200, DeviceAccess.All)]);
        Assert.Equal(["allow c 10:200 rwm", "deny c 1:3 wm", "deny c 1:5 rw"], DeviceLimits.Transition(before, after).Select(rule => $"{(rule.Allow ? "allow" : "deny")} {rule}"));
        Assert.Empty(DeviceLimits.Transition(after, after));
    }

    [Fact]
    public void A_cgroup_that_allows_everything_begins_anew()
    {
        DevicePolicy after = DevicePolicy.Of([new(true, 'c', 1, 3, DeviceAccess.All)]);
        Assert.Equal(["deny a *:* rwm", "allow c 1:3 rwm"], DeviceLimits.Transition(DevicePolicy.OfList("a *:* rwm\n"), after).Select(rule => $"{(rule.Allow ? "allow" : "deny")} {rule}"));
    }
}
