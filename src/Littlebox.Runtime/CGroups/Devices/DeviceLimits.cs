using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>Puts device rules into force on a container's cgroups: the files of version 1 where that has the controller, else the program of version 2.</summary>
public static class DeviceLimits
{
    private const string Pointer = "/linux/resources/devices";

    /// <summary>True where the container's cgroups can have device rules.</summary>
    public static bool ArePossible(ContainerCGroups cgroups) => cgroups.Unified is not null || cgroups.Members.Any(static member => member.Controllers.Contains("devices"));

    /// <summary>Puts rules into force, in place of those before; processes that run never see a moment without rules, nor one that denies more than both.</summary>
    /// <param name="cgroups">The container's cgroups.</param>
    /// <param name="rules">The rules of config.json; <see cref="DeviceRule.Defaults"/> are added behind.</param>
    /// <exception cref="LittleboxException">They cannot be enforced.</exception>
    public static void Apply(ContainerCGroups cgroups, IReadOnlyList<DeviceRule> rules)
    {
        DeviceRule[] all = [.. rules, .. DeviceRule.Defaults];
        CGroupMember? legacy = cgroups.Members.FirstOrDefault(static member => member.Controllers.Contains("devices") && !member.IsUnified);
        if (legacy is not null) ApplyLegacy(legacy.Node, DevicePolicy.Of(all, Pointer));
        else if (cgroups.Unified is { } unified) ApplyUnified(unified.Node, all);
        else throw new LittleboxException(ErrorKind.NotSupported, $"{Pointer} cannot be enforced: neither the version 1 controller “devices” nor version 2 is mounted");
    }

    /// <summary>What to write into version 1 to get from one policy to another: the rules, and whether each goes into <c>devices.allow</c>.</summary>
    public static IReadOnlyList<DeviceRule> Transition(DevicePolicy from, DevicePolicy to)
    {
        var writes = new List<DeviceRule>();
        IReadOnlyList<DeviceRule> old = from.Exceptions;
        // devices.list of a cgroup that allows by default does not name what it denies: begin anew.
        if (from.AllowsByDefault || to.AllowsByDefault)
        {
            writes.Add(new DeviceRule(to.AllowsByDefault, 'a', null, null, DeviceAccess.All));
            old = [];
        }
        // What is gained comes first: nothing that both allow is denied meanwhile.
        foreach (DeviceRule rule in to.Exceptions)
        {
            DeviceAccess gained = rule.Access & ~AccessIn(old, rule);
            if (gained != 0) writes.Add(rule with { Access = gained });
        }
        foreach (DeviceRule rule in old)
        {
            DeviceAccess lost = rule.Access & ~AccessIn(to.Exceptions, rule);
            if (lost != 0) writes.Add(rule with { Access = lost, Allow = !rule.Allow });
        }
        return writes;
    }

    private static DeviceAccess AccessIn(IReadOnlyList<DeviceRule> rules, DeviceRule like)
    {
        foreach (DeviceRule rule in rules)
        {
            if ((rule.Type, rule.Major, rule.Minor) == (like.Type, like.Major, like.Minor)) return rule.Access;
        }
        return DeviceAccess.None;
    }

    private static void ApplyLegacy(ICGroupNode node, DevicePolicy policy)
    {
        if (node.TryRead("devices.list") is not { } list)
            throw new LittleboxException(ErrorKind.NotSupported, $"{Pointer} cannot be enforced: {node.Path}/devices.list cannot be read");
        IReadOnlyList<DeviceRule> rules = Transition(DevicePolicy.OfList(list), policy);
        // Rules of the same kind that follow each other go into one file, which is opened once.
        for (int first = 0, next; first < rules.Count; first = next)
        {
            List<string> lines = [rules[first].ToString()];
            for (next = first + 1; next < rules.Count && rules[next].Allow == rules[first].Allow; next++) lines.Add(rules[next].ToString());
            string file = rules[first].Allow ? "devices.allow" : "devices.deny";
            Errno error = node.TryWrite(file, lines, out int written);
            if (error is Errno.None) continue;
            DeviceRule refused = rules[first + written];
            string why = error is Errno.EPERM or Errno.EACCES ? refused.Allow ? ": a cgroup above does not allow it" : ": the cgroup has cgroups beneath, or this user may not" : "";
            throw new LittleboxException(ErrorKind.NotSupported, $"{Pointer} cannot be enforced: “{refused}” is refused by {node.Path}/{file}{why}", $"write({node.Path}/{file}, \"{refused}\") = -1 {error} ({error.Describe()})");
        }
        DevicePolicy now = DevicePolicy.OfList(node.TryRead("devices.list") ?? "");
        if (now.AllowsByDefault != policy.AllowsByDefault || (!now.AllowsByDefault && Transition(now, policy).Count > 0))
            throw new LittleboxException(ErrorKind.SystemError, $"{Pointer}: {node.Path}/devices.list is not what was written to it");
    }

    private static void ApplyUnified(ICGroupNode node, DeviceRule[] rules)
    {
        int loaded = Kernel.TryLoadDeviceProgram(DeviceProgram.Compile(rules), out string log);
        if (loaded < 0) throw Refused(Kernel.ErrorOf(loaded), "BPF_PROG_LOAD", log);
        using var program = new Descriptor(loaded);
        int queried = Kernel.TryQueryDevicePrograms(node.Descriptor, out List<Descriptor> old);
        try
        {
            if (queried < 0) throw Refused(Kernel.ErrorOf(queried), "BPF_PROG_QUERY", "");
            // One before: in its place at once. Several: all of them count until the new one does too.
            int attached = Kernel.TryAttachDeviceProgram(node.Descriptor, loaded, old is [var one] ? one.Number : -1);
            if (attached < 0) throw Refused(Kernel.ErrorOf(attached), "BPF_PROG_ATTACH", "");
            if (old.Count < 2) return;
            foreach (Descriptor before in old)
            {
                int detached = Kernel.TryDetachDeviceProgram(node.Descriptor, before.Number);
                if (detached < 0) throw Refused(Kernel.ErrorOf(detached), "BPF_PROG_DETACH", "");
            }
        }
        finally
        {
            foreach (Descriptor before in old) before.Dispose();
        }

        LittleboxException Refused(Errno error, string call, string log) => new(ErrorKind.NotSupported, $"{Pointer} cannot be enforced in {node.Path}: " + error switch
        {
            Errno.EPERM or Errno.EACCES => "programs for devices need CAP_BPF and CAP_NET_ADMIN (or CAP_SYS_ADMIN) on the machine itself; leave the rules out for a container without root",
            Errno.EINVAL or Errno.ENOSYS => "this kernel has no programs for devices (CONFIG_CGROUP_BPF)",
            _ => "the kernel refuses the program",
        }, [$"bpf({call}, …) = -1 {error} ({error.Describe()})", .. log.Length > 0 ? log.Split('\n') : []]);
    }
}
