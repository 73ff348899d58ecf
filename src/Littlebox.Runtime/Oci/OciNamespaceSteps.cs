using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci;

/// <summary>Who the child is: the namespaces it joins, its ids, its host name (config-linux.md, Namespaces; config.md, Hostname).</summary>
internal static class OciNamespaceSteps
{
    private const int PrSetDumpable = 4;

    private static readonly LinuxNamespaceType[] Joined =
        [LinuxNamespaceType.Network, LinuxNamespaceType.Ipc, LinuxNamespaceType.Uts, LinuxNamespaceType.CGroup, LinuxNamespaceType.Time, LinuxNamespaceType.Mount];

    /// <summary>The flag of clone(2) for a kind of namespace.</summary>
    public static NamespaceFlags FlagOf(LinuxNamespaceType type) => type switch
    {
        LinuxNamespaceType.Pid => NamespaceFlags.Pid,
        LinuxNamespaceType.Network => NamespaceFlags.Network,
        LinuxNamespaceType.Mount => NamespaceFlags.Mount,
        LinuxNamespaceType.Ipc => NamespaceFlags.Ipc,
        LinuxNamespaceType.Uts => NamespaceFlags.Uts,
        LinuxNamespaceType.User => NamespaceFlags.User,
        LinuxNamespaceType.CGroup => NamespaceFlags.CGroup,
        _ => NamespaceFlags.Time,
    };

    /// <summary>Joins a user and a pid namespace, which count for a clone only.</summary>
    public static void JoinBeforeClone(OciInside inside, Func<LinuxNamespaceType, int> descriptor, NamespaceFlags clone)
    {
        if (inside.Namespace(LinuxNamespaceType.Pid) is { Path: not null })
        {
            inside.Add("Close the child to the processes there", "once it is among them they must not trace it, nor open its descriptors (CVE-2016-9962)", "/linux/namespaces",
                static program => program.Call(SystemCallNumber.Prctl, $"prctl(PR_SET_DUMPABLE, 0)", PrSetDumpable, 0, 0, 0, 0));
        }
        foreach (LinuxNamespaceType type in (LinuxNamespaceType[])[LinuxNamespaceType.User, LinuxNamespaceType.Pid]) Join(inside, type, descriptor);
        inside.Add("Clone once more", "a process cannot change its own pid namespace, only its children's; the clone is the runtime's child, and its maker ends", "/linux/namespaces",
            program =>
            {
                program.Clone(clone);
                program.Report(MessageKind.Ready);
            });
    }

    /// <summary>Joins the other namespaces that have a path.</summary>
    public static void Join(OciInside inside, Func<LinuxNamespaceType, int> descriptor)
    {
        foreach (LinuxNamespaceType type in Joined) Join(inside, type, descriptor);
    }

    /// <summary>Waits for the id maps, and becomes root of the user namespace.</summary>
    public static void BecomeRoot(OciInside inside)
    {
        if (!inside.HasUserNamespace) return;
        if (inside.IsNew(LinuxNamespaceType.User))
        {
            inside.Add("Wait until the id maps are written", "a new user namespace knows no ids; whoever stands outside must say which ones are which", "/linux/uidMappings",
                static program => program.Report(MessageKind.Ready));
        }
        inside.Add("Become root of the user namespace", "files that are made from here on belong to the container's root; paths of the host have been opened before", "/linux/uidMappings",
            SetRoot,
            static error => error is Errno.EINVAL ? "id 0 is not mapped in the user namespace: /linux/uidMappings and /linux/gidMappings must map containerID 0" : null);
    }

    /// <summary>The ids of the user namespace's root.</summary>
    public static void SetRoot(BootBuilder program)
    {
        // Denied where a single id is mapped; the groups then stay, and give nothing: they are not mapped.
        program.Call(SystemCallNumber.Setgroups, $"setgroups(0, NULL)", 0, 0).Tolerate(Errno.EPERM);
        program.Call(SystemCallNumber.Setresgid, $"setresgid(0, 0, 0)", 0, 0, 0);
        program.Call(SystemCallNumber.Setresuid, $"setresuid(0, 0, 0)", 0, 0, 0);
    }

    /// <summary>A cgroup namespace of its own, once the child is in its cgroup: that becomes the namespace's root.</summary>
    public static void UnshareCGroup(OciInside inside)
    {
        if (!inside.IsNew(LinuxNamespaceType.CGroup)) return;
        inside.Add("Make a cgroup namespace", "its root is the cgroup in which the child is now, so this comes after it has joined", "/linux/namespaces",
            static program => program.Call(SystemCallNumber.Unshare, $"unshare(CLONE_NEWCGROUP)", (long)NamespaceFlags.CGroup));
    }

    /// <summary>Link lo up.</summary>
    public static void Loopback(OciInside inside)
    {
        if (!inside.IsNew(LinuxNamespaceType.Network)) return;
        inside.Add("Switch the loopback link on", "a new network namespace has one link, lo, and it is down", "/linux/namespaces",
            static program =>
            {
                Register socket = program.NewRegister("socket");
                program.Call(SystemCallNumber.Socket, $"socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0)", 2, 2 | 0x80000, 0).To(socket);
                // struct ifreq: 16 bytes of name, then the flags; IFF_UP|IFF_RUNNING
                byte[] request = new byte[40];
                "lo"u8.CopyTo(request);
                request[16] = 0x41;
                program.Call(SystemCallNumber.Ioctl, $"ioctl({socket}, SIOCSIFFLAGS, {{ifr_name=\"lo\", ifr_flags=IFF_UP|IFF_RUNNING}})", socket, 0x8914, program.Bytes(request));
            });
    }

    /// <summary>The host name and the domain name.</summary>
    public static void Names(OciInside inside)
    {
        if (inside.Spec.Hostname is { Length: > 0 } host)
        {
            inside.Add("Give the container its host name", "the uts namespace holds it; the host's own does not change", "/hostname",
                program => program.Call(SystemCallNumber.Sethostname, $"sethostname({host}, {Encoding.UTF8.GetByteCount(host)})", program.String(host), Encoding.UTF8.GetByteCount(host)));
        }
        if (inside.Spec.Domainname is { Length: > 0 } domain)
        {
            inside.Add("Give the container its domain name", "the uts namespace holds it", "/domainname",
                program => program.Call(SystemCallNumber.Setdomainname, $"setdomainname({domain}, {Encoding.UTF8.GetByteCount(domain)})", program.String(domain), Encoding.UTF8.GetByteCount(domain)));
        }
    }

    private static void Join(OciInside inside, LinuxNamespaceType type, Func<LinuxNamespaceType, int> descriptor)
    {
        if (inside.Namespace(type) is not { Path: { } path }) return;
        NamespaceFlags flag = FlagOf(type);
        inside.Add($"Join the {type.ToString().ToLowerInvariant()} namespace", $"{path} exists already; the container shares it", "/linux/namespaces",
            program => program.Call(SystemCallNumber.Setns, $"setns(<{new Words(path)}>, {new Words(CallFlags.Of(flag))})", descriptor(type), (long)flag));
    }
}
