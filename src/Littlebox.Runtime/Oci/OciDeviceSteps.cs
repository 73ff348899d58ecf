using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>Device nodes and the links of /dev (config-linux.md, Devices, Default Devices).</summary>
internal static class OciDeviceSteps
{
    private static readonly LinuxDevice[] Default =
    [
        Character("null", 1, 3), Character("zero", 1, 5), Character("full", 1, 7), Character("random", 1, 8), Character("urandom", 1, 9), Character("tty", 5, 0),
    ];

    private static readonly (string Name, string Target)[] Links =
        [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")];

    /// <summary>Makes the nodes, unless the document binds a whole /dev, which then is the caller's affair.</summary>
    public static void Make(OciInside inside)
    {
        if (IsBound(inside)) return;
        inside.Add("Open /dev", "once, and only where it is a real directory: all work on devices is done by this descriptor", null, program => inside.Dev = program.OpenRealDirectory(inside.Root, "dev", "/dev"),
            static error => error is Errno.ELOOP or Errno.ENOTDIR ? "/dev of this root is a link or a file: devices are made in a real directory only" : null);
        foreach (LinuxDevice device in Default)
        {
            if (!Named(inside, device.Path)) Node(inside, device, "/linux/devices");
        }
        for (int i = 0; i < inside.Spec.Linux.Devices.Count; i++)
        {
            // The container's own /dev/ptmx is a link into its devpts, whatever the document says.
            if (OciDeviceChecks.PlaceOf(inside.Spec.Linux.Devices[i]) != "/dev/ptmx") Node(inside, inside.Spec.Linux.Devices[i], $"/linux/devices/{i}");
        }
        inside.Add("Make the links of /dev", "to the standard streams and to the container's own terminals", null,
            program =>
            {
                foreach ((string name, string target) in Links) program.Call(SystemCallNumber.Symlinkat, $"symlinkat({target}, {inside.Dev}, {name})", program.String(target), inside.Dev, program.String(name)).Tolerate(Errno.EEXIST, Errno.EROFS);
                if (KernelHasCore) program.Call(SystemCallNumber.Symlinkat, $"symlinkat(\"/proc/kcore\", {inside.Dev}, \"core\")", program.String("/proc/kcore"), inside.Dev, program.String("core")).Tolerate(Errno.EEXIST, Errno.EROFS);
                // What an image has there instead would lead to terminals of somebody else.
                program.Call(SystemCallNumber.Unlinkat, $"unlinkat({inside.Dev}, \"ptmx\", 0)", inside.Dev, program.String("ptmx"), 0).Tolerate(Errno.ENOENT, Errno.EROFS);
                program.Call(SystemCallNumber.Symlinkat, $"symlinkat(\"pts/ptmx\", {inside.Dev}, \"ptmx\")", program.String("pts/ptmx"), inside.Dev, program.String("ptmx")).Tolerate(Errno.EEXIST, Errno.EROFS);
            });
    }

    /// <summary>
    /// Standard streams that are the host's /dev/null become the container's: through the host's the container's root could change the node itself, its mode or its owner.
    /// </summary>
    public static void ReplaceNull(OciInside inside)
    {
        if (IsBound(inside)) return;
        inside.Add("Take the container's /dev/null for the host's", "a standard stream that is the host's node would let the container's root change its mode and its owner", null,
            program =>
            {
                Register node = program.OpenBeneath(inside.Root, "dev/null", MakeMissing.Nothing, "/dev/null");
                var wrong = new Label();
                var end = new Label();
                program.JumpUnlessNode(node, FileTypes.CharacterDevice, 1, 3, wrong);
                Register opened = program.NewRegister("null");
                // The node that has been looked at, and no other: through our own proc.
                program.Call(SystemCallNumber.Openat2, $"openat2({inside.Root}, \"dev/null\", {{flags=O_RDWR|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}}, 24)", inside.Root, program.String("dev/null"),
                    program.Structure(new OpenHow { Flags = (ulong)(OpenFlags.ReadWrite | OpenFlags.CloseOnExec), Resolve = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks) }), 24).To(opened);
                program.JumpUnlessNode(opened, FileTypes.CharacterDevice, 1, 3, wrong);
                for (int stream = 0; stream < 3; stream++)
                {
                    var other = new Label();
                    program.JumpUnlessNode(program.Number(stream, "stream"), FileTypes.CharacterDevice, 1, 3, other);
                    program.Call(SystemCallNumber.Dup3, $"dup3({opened}, {stream}, 0)", opened, stream, 0);
                    program.Place(other);
                }
                program.Jump(end);
                program.Place(wrong);
                program.Fail(Errno.ENODEV);
                program.Place(end);
            },
            static error => error is Errno.ENODEV ? "/dev/null of this root is something else" : null);
    }

    private static bool IsBound(OciInside inside)
    {
        foreach (Mount mount in inside.Spec.Mounts)
        {
            MountOptions options = MountOptions.Parse(mount.Options);
            if (!options.Remount && OciMountChecks.PlaceOf(mount) == "/dev" && OciMountSteps.IsBind(mount, options)) return true;
        }
        return false;
    }

    // The runtime itself may live in a user namespace, where nobody makes nodes: rootless engines start it so.
    private static bool InUserNamespace { get; } = (SmallFile.TryReadText("/proc/self/uid_map") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not ["0", "0", "4294967295"];

    private static bool KernelHasCore => Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, "/proc/kcore", follow: false, out _) >= 0;

    private static bool Named(OciInside inside, string path)
    {
        foreach (LinuxDevice device in inside.Spec.Linux.Devices)
        {
            if (OciDeviceChecks.PlaceOf(device) == path) return true;
        }
        return false;
    }

    private static void Node(OciInside inside, LinuxDevice device, string field)
    {
        string place = OciDeviceChecks.PlaceOf(device);
        bool bound = inside.HasUserNamespace || InUserNamespace;
        inside.Add($"Make {place}", bound ? "a user namespace cannot make device nodes, so the host's is bound" : "made anew, with its own mode and owner", field,
            program =>
            {
                var exists = new Label();
                var wrong = new Label();
                var end = new Label();
                (Register parent, string name) = Parent(program, inside, place);
                int type = device.Type switch { LinuxDeviceType.Block => FileTypes.BlockDevice, LinuxDeviceType.Fifo => FileTypes.Fifo, _ => FileTypes.CharacterDevice };
                (uint major, uint minor) = type == FileTypes.Fifo ? (0, 0) : ((uint)device.Major, (uint)device.Minor);
                if (!bound || type == FileTypes.Fifo)
                {
                    // Engines leave the bits of the type in the mode.
                    int mode = (int)((device.FileMode ?? 0x1b6) & 0xfff);
                    program.Call(SystemCallNumber.Mknodat, $"mknodat({parent}, {name}, 0{new Words(Convert.ToString(type | mode, 8))}, makedev({major}, {minor}))", parent, program.String(name), type | mode, (long)DeviceNumber.Of(major, minor)).OnErrorGoTo(exists, Errno.EEXIST);
                    if (device.Uid is not null and not 0 || device.Gid is not null and not 0)
                        program.Call(SystemCallNumber.Fchownat, $"fchownat({parent}, {name}, {device.Uid ?? 0}, {device.Gid ?? 0}, AT_SYMLINK_NOFOLLOW)", parent, program.String(name), (long)(device.Uid ?? 0), (long)(device.Gid ?? 0), 0x100);
                    program.Jump(end);
                    program.Place(exists);
                    program.JumpUnlessNode(OpenNode(program, parent, name), type, major, minor, wrong);
                }
                else
                {
                    var present = new Label();
                    // A file as the place, which may have been left by a container before this one.
                    program.Call(SystemCallNumber.Mknodat, $"mknodat({parent}, {name}, S_IFREG, 0)", parent, program.String(name), FileTypes.Regular, 0).Tolerate(Errno.EEXIST);
                    Register node = OpenNode(program, parent, name);
                    program.JumpUnlessNode(node, FileTypes.Regular, 0, 0, present);
                    Register source = program.CloneTree(place, "host's " + place, recursive: false);
                    program.JumpUnlessNode(source, type, major, minor, wrong);
                    program.SetMount(source, recursive: false, MountAttributes.None, MountFlags.Private);
                    program.Attach(source, node);
                    program.Jump(end);
                    program.Place(present);
                    program.JumpUnlessNode(node, type, major, minor, wrong);
                }
                program.Jump(end);
                program.Place(wrong);
                program.Fail(Errno.EEXIST);
                program.Place(end);
            },
            error => error switch
            {
                Errno.EEXIST => $"at {place} there is something else than this device, in the root or on the host: take it away, or ask for what is there",
                Errno.EPERM => "the runtime may not make device nodes: it needs CAP_MKNOD",
                Errno.ENOENT => $"the host has no {place} that could be bound",
                Errno.ELOOP or Errno.ENOTDIR => $"/dev of this root, or a directory in it, is a link or a file: devices are made in a real directory only",
                _ => null,
            });
    }

    // Beneath /dev by the descriptor of /dev, which is opened once and is no link (CVE-2026-41579, CVE-2026-47766); anywhere else beneath the root.
    private static (Register Parent, string Name) Parent(BootBuilder program, OciInside inside, string place)
    {
        int slash = place.LastIndexOf('/');
        string directory = place[..slash], name = place[(slash + 1)..];
        if (directory == "/dev") return (inside.Dev, name);
        if (directory.StartsWith("/dev/", StringComparison.Ordinal)) return (program.OpenBeneath(inside.Dev, directory[5..], MakeMissing.Directory, directory), name);
        return (program.OpenBeneath(inside.Root, directory, MakeMissing.Directory, directory), name);
    }

    private static Register OpenNode(BootBuilder program, Register parent, string name)
    {
        Register node = program.NewRegister(name);
        program.Call(SystemCallNumber.Openat, $"openat({parent}, {name}, O_PATH|O_NOFOLLOW|O_CLOEXEC)", parent, program.String(name), (long)(OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec).Value).To(node);
        return node;
    }

    private static LinuxDevice Character(string name, long major, long minor) => new() { Path = "/dev/" + name, Type = LinuxDeviceType.Character, Major = major, Minor = minor };
}
