using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Request;

namespace Littlebox.Runtime.Steps;

/// <summary>The file systems of the kernel, and the three files of a network: /proc, /sys, /dev, host name, hosts, name servers.</summary>
internal static class SystemMountSteps
{
    private const MountAttributes Harmless = MountAttributes.NoSetId | MountAttributes.NoDevices | MountAttributes.NoExecute;

    private static readonly (string Name, uint Major, uint Minor)[] Devices =
        [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)];

    private static readonly (string Name, string Target)[] Links =
        [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx")];

    /// <summary>/proc.</summary>
    public static void Proc(Inside inside)
    {
        // A user namespace may mount proc only for a pid namespace that it owns.
        bool bound = inside.Request.InUserNamespace && inside.Request.Namespaces.Pid.Source != NamespaceSource.Private;
        inside.Add(
            bound ? "Bind the host's /proc" : "Mount a fresh /proc",
            bound ? "the pid namespace is shared and belongs to another user namespace: the kernel lets nobody here mount a proc of it"
                : "ps and everything else reads processes from it; a proc shows the pid namespace of whoever mounts it, so the container sees its own processes only",
            program =>
            {
                Register place = program.OpenRealDirectory(inside.Root, "proc", "/proc");
                inside.Proc = bound ? program.CloneTree("/proc", "proc", recursive: true) : program.NewFileSystem("proc", Harmless);
                program.Attach(inside.Proc, place);
            },
            hint: error => RootSteps.PlaceHint(inside, "/proc", error),
            shell: () => ["mkdir -p \"$box/root/proc\"", bound ? "mount --rbind /proc \"$box/root/proc\"" : "mount -t proc -o nosuid,nodev,noexec proc \"$box/root/proc\""]);
    }

    /// <summary>/sys.</summary>
    public static void Sys(Inside inside)
    {
        bool bound = inside.Request.InUserNamespace && inside.Request.Namespaces.Network.Source != NamespaceSource.Private;
        inside.Add(
            bound ? "Bind the host's /sys, read-only" : "Mount /sys, read-only",
            bound ? "the network namespace is shared and belongs to another user namespace: the kernel lets nobody here mount a sysfs of it"
                : "it shows the devices of the network namespace; read-only, since most of it is the one kernel's that all share",
            program =>
            {
                Register place = program.OpenRealDirectory(inside.Root, "sys", "/sys");
                Register sys;
                if (bound)
                {
                    sys = program.CloneTree("/sys", "sysfs", recursive: true);
                    program.SetMount(sys, recursive: true, Harmless | MountAttributes.ReadOnly);
                }
                else
                {
                    sys = program.NewFileSystem("sysfs", Harmless | MountAttributes.ReadOnly);
                }
                program.Attach(sys, place);
            },
            hint: error => RootSteps.PlaceHint(inside, "/sys", error),
            shell: () => bound
                ? ["mkdir -p \"$box/root/sys\"", "mount --rbind /sys \"$box/root/sys\"", Inside.ShellRemount("\"$box/root/sys\"", "ro,nosuid,nodev,noexec")]
                : ["mkdir -p \"$box/root/sys\"", "mount -t sysfs -o nosuid,nodev,noexec sysfs \"$box/root/sys\"; mount -o remount,bind,ro,nosuid,nodev,noexec \"$box/root/sys\""]);
    }

    /// <summary>/dev with its nodes.</summary>
    public static void Dev(Inside inside)
    {
        bool user = inside.Request.InUserNamespace;
        inside.Add(
            "Make a small /dev",
            user ? "only null, zero, full, random, urandom and tty; a user namespace cannot make device nodes, so the host's are bound"
                : "only null, zero, full, random, urandom and tty, made anew, and links to the standard streams; no disk, no memory",
            program =>
            {
                Register place = program.OpenRealDirectory(inside.Root, "dev", "/dev");
                inside.Dev = program.NewFileSystem("tmpfs", MountAttributes.NoSetId | MountAttributes.NoExecute, new("mode", "0755"), new("size", "65536k"));
                foreach ((string name, uint major, uint minor) in Devices)
                {
                    if (user)
                    {
                        Register node = program.NewRegister("/dev/" + name);
                        program.WriteFile(inside.Dev, name, []);
                        program.Call(SystemCallNumber.Openat, $"openat({inside.Dev}, {name}, O_PATH|O_NOFOLLOW|O_CLOEXEC)", inside.Dev, program.String(name),
                            (long)(OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec).Value).To(node);
                        continue;
                    }
                    ulong device = DeviceNumber.Of(major, minor);
                    program.Call(SystemCallNumber.Mknodat, $"mknodat({inside.Dev}, {name}, S_IFCHR|0666, makedev({major}, {minor}))", inside.Dev, program.String(name), FileTypes.CharacterDevice | 0x1b6, (long)device);
                }
                foreach ((string name, string target) in Links)
                    program.Call(SystemCallNumber.Symlinkat, $"symlinkat({target}, {inside.Dev}, {name})", program.String(target), inside.Dev, program.String(name));
                foreach ((string name, int mode) in (ReadOnlySpan<(string, int)>)[("pts", 0x1ed), ("shm", 0x3ff), ("mqueue", 0x1ed)])
                    program.Call(SystemCallNumber.Mkdirat, $"mkdirat({inside.Dev}, {name}, 0{new Words(Convert.ToString(mode, 8))})", inside.Dev, program.String(name), mode);
                program.Attach(inside.Dev, place);
                if (user)
                {
                    // A mount can only go onto what is in a tree, so after /dev has been attached.
                    foreach ((string name, _, _) in Devices)
                        program.Attach(program.CloneTree("/dev/" + name, "host's /dev/" + name, recursive: false), program.OpenBeneath(inside.Root, "dev/" + name, MakeMissing.Nothing, "/dev/" + name));
                }
            },
            hint: error => RootSteps.PlaceHint(inside, "/dev", error),
            shell: () =>
            [
                "mkdir -p \"$box/root/dev\"",
                "mount -t tmpfs -o nosuid,noexec,mode=0755,size=65536k tmpfs \"$box/root/dev\"",
                .. Devices.Select(device => user
                    ? $"touch \"$box/root/dev/{device.Name}\"; mount --bind /dev/{device.Name} \"$box/root/dev/{device.Name}\""
                    : $"mknod -m 666 \"$box/root/dev/{device.Name}\" c {device.Major} {device.Minor}"),
                .. Links.Select(static link => $"ln -s {link.Target} \"$box/root/dev/{link.Name}\""),
                "mkdir -p \"$box/root/dev\"/{pts,shm,mqueue}",
            ]);
    }

    /// <summary>/dev/pts, /dev/shm, /dev/mqueue.</summary>
    public static void DevMounts(Inside inside)
    {
        bool hasTtyGroup = inside.Request.Mappings is null || inside.Request.Mappings.HasGid(5);
        bool hostIpc = inside.Request.Namespaces.Ipc.Source == NamespaceSource.Host;
        inside.Add(
            "Mount terminals, shared memory and message queues",
            hostIpc ? "an instance of devpts of its own; shared memory and message queues are the host's, as the ipc namespace is"
                : "an instance of devpts of its own, so that no terminal of the host can be reached; /dev/shm and the queues of the container's ipc namespace",
            program =>
            {
                List<KeyValuePair<string, string>> options = [new("newinstance", ""), new("ptmxmode", "0666"), new("mode", "0620")];
                if (hasTtyGroup) options.Add(new("gid", "5"));
                inside.Pts = program.NewFileSystem("devpts", MountAttributes.NoSetId | MountAttributes.NoExecute, options);
                program.Attach(inside.Pts, program.OpenBeneath(inside.Root, "dev/pts", MakeMissing.Nothing, "/dev/pts"));
                Register shm = hostIpc ? program.CloneTree("/dev/shm", "shm", recursive: false) : program.NewFileSystem("tmpfs", Harmless, new("mode", "1777"), new("size", "65536k"));
                program.Attach(shm, program.OpenBeneath(inside.Root, "dev/shm", MakeMissing.Nothing, "/dev/shm"));
                if (hostIpc && inside.Request.InUserNamespace) return;
                // A kernel without CONFIG_POSIX_MQUEUE has none, and nothing to keep apart.
                program.Attach(program.NewFileSystem("mqueue", Harmless), program.OpenBeneath(inside.Root, "dev/mqueue", MakeMissing.Nothing, "/dev/mqueue"));
            },
            shell: () =>
            [
                $"mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0620{(hasTtyGroup ? ",gid=5" : "")} devpts \"$box/root/dev/pts\"",
                hostIpc ? "mount --bind /dev/shm \"$box/root/dev/shm\"" : "mount -t tmpfs -o nosuid,nodev,noexec,mode=1777,size=65536k tmpfs \"$box/root/dev/shm\"",
                .. hostIpc && inside.Request.InUserNamespace ? (string[])[] : ["mount -t mqueue -o nosuid,nodev,noexec mqueue \"$box/root/dev/mqueue\""],
            ]);
    }

    /// <summary>/etc/hostname, /etc/hosts, /etc/resolv.conf.</summary>
    public static void NetworkFiles(Inside inside) => inside.Add(
        "Give the root its host name, hosts and name server files",
        "files of this container's own are bound over the root's, so that the root itself stays as it is and several containers can share it",
        program =>
        {
            foreach ((string name, string place, string content) in Files(inside.Request))
            {
                program.WriteFile(inside.Scratch, name, Linux.Text.SystemText.Bytes(content));
                Register source = program.NewRegister(name);
                program.Call(SystemCallNumber.OpenTree, $"open_tree({inside.Scratch}, {name}, OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)", inside.Scratch, program.String(name), 0x80001).To(source);
                program.Attach(source, program.OpenBeneath(inside.Root, place, MakeMissing.File, place));
            }
        },
        field: "--hostname",
        shell: () =>
        [
            .. Files(inside.Request).SelectMany(static file => (string[])
            [
                $"printf %s {ShellQuote.Word(file.Content)} > \"$box/{file.Name}\"",
                $"mkdir -p \"$(dirname \"$box/root\"{ShellQuote.Word(file.Place)})\"; [ -e \"$box/root\"{ShellQuote.Word(file.Place)} ] || touch \"$box/root\"{ShellQuote.Word(file.Place)}",
                $"mount --bind \"$box/{file.Name}\" \"$box/root\"{ShellQuote.Word(file.Place)}",
            ]),
        ]);

    private static IEnumerable<(string Name, string Place, string Content)> Files(ContainerRequest request)
    {
        yield return ("hostname", request.NetworkFiles[0], request.HostName + "\n");
        yield return ("hosts", request.NetworkFiles[1], $"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t{request.HostName}\n");
        if (request.ResolvConf is not null) yield return ("resolv.conf", request.NetworkFiles[2], request.ResolvConf);
    }
}
