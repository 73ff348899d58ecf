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
        [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx")];

    /// <summary>Makes the nodes, unless the document binds a whole /dev, which then is the caller's affair.</summary>
    public static void Make(OciInside inside)
    {
        foreach (Mount mount in inside.Spec.Mounts)
        {
            if (mount.Destination.TrimEnd('/') == "/dev" && OciMountSteps.IsBind(mount, MountOptions.Parse(mount.Options))) return;
        }
        inside.Add("Make the devices", inside.HasUserNamespace ? "a user namespace cannot make device nodes, so the host's are bound" : "the six that every container has, and those of the document; made anew, by the open /dev", "/linux/devices",
            program =>
            {
                foreach (LinuxDevice device in inside.Spec.Linux.Devices) Node(program, inside, device);
                foreach (LinuxDevice device in Default)
                {
                    if (!Named(inside, device.Path)) Node(program, inside, device);
                }
                Register dev = program.OpenBeneath(inside.Root, "dev", MakeMissing.Directory, "/dev");
                foreach ((string name, string target) in Links)
                    program.Call(SystemCallNumber.Symlinkat, $"symlinkat({target}, {dev}, {name})", program.String(target), dev, program.String(name)).Tolerate(Errno.EEXIST, Errno.EROFS);
            });
    }

    private static bool Named(OciInside inside, string path)
    {
        foreach (LinuxDevice device in inside.Spec.Linux.Devices)
        {
            if (device.Path == path) return true;
        }
        return false;
    }

    private static void Node(BootBuilder program, OciInside inside, LinuxDevice device)
    {
        int slash = device.Path.LastIndexOf('/');
        string name = device.Path[(slash + 1)..];
        if (inside.HasUserNamespace)
        {
            Register source = program.CloneTree(device.Path, "host's " + device.Path, recursive: false);
            program.Attach(source, program.OpenBeneath(inside.Root, device.Path, MakeMissing.File, device.Path));
            return;
        }
        Register parent = program.OpenBeneath(inside.Root, device.Path[..slash], MakeMissing.Directory, device.Path[..slash]);
        int mode = (int)(device.FileMode ?? 0x1b6) & 0xfff;
        int type = device.Type switch { LinuxDeviceType.Block => FileTypes.BlockDevice, LinuxDeviceType.Fifo => FileTypes.Fifo, _ => FileTypes.CharacterDevice };
        ulong number = device.Type is LinuxDeviceType.Fifo ? 0 : DeviceNumber.Of((uint)device.Major, (uint)device.Minor);
        program.Call(SystemCallNumber.Mknodat, $"mknodat({parent}, {name}, 0{new Words(Convert.ToString(type | mode, 8))}, makedev({device.Major}, {device.Minor}))", parent, program.String(name), type | mode, (long)number)
            .Tolerate(Errno.EEXIST);
        if (device.Uid is not null and not 0 || device.Gid is not null and not 0)
            program.Call(SystemCallNumber.Fchownat, $"fchownat({parent}, {name}, {device.Uid ?? 0}, {device.Gid ?? 0}, AT_SYMLINK_NOFOLLOW)", parent, program.String(name), (long)(device.Uid ?? 0), (long)(device.Gid ?? 0), 0x100);
    }

    private static LinuxDevice Character(string name, long major, long minor) => new() { Path = "/dev/" + name, Type = LinuxDeviceType.Character, Major = major, Minor = minor };
}
