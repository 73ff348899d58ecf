using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>A mount of a file system, new or of the container's own namespaces: proc, sysfs, tmpfs, devpts, mqueue, and what else the kernel has.</summary>
internal static class OciFileSystemSteps
{
    /// <summary>Adds the step.</summary>
    public static void Add(OciInside inside, int index, Mount mount, MountOptions options, string field)
    {
        string type = mount.Type!;
        string place = OciMountChecks.PlaceOf(mount);
        // Both show a namespace, and belong to its owner. Where the container shares it with the host, the user namespace is not the owner, and what the host sees is what is asked for.
        bool bound = inside.HasUserNamespace && (type == "sysfs" && inside.Namespace(LinuxNamespaceType.Network) is null || type == "proc" && inside.Namespace(LinuxNamespaceType.Pid) is null);
        bool later = IsReadOnlyLater(mount, options);
        inside.Add($"Mount {type} at {mount.Destination}",
            bound ? "a user namespace may not mount one for a namespace that it does not own: the host's is bound" : "a file system of the kernel's, new or of the container's own namespaces", field,
            program =>
            {
                if (OciPageMount.IsNeeded(options))
                {
                    Register directory = program.OpenBeneath(inside.Root, place, MakeMissing.Directory, place);
                    OciProcGuard.Check(program, mount, directory, directory);
                    OciPageMount.Add(program, type, string.IsNullOrEmpty(mount.Source) ? type : mount.Source, options, OptionsOf(inside, type, options, later), directory);
                    // What lies there now is the mount.
                    if (options.Propagation.Count > 0 || options.RecursiveSet != 0 || options.RecursiveClear != 0) OciMountSteps.Apply(program, program.OpenBeneath(inside.Root, place, MakeMissing.Nothing, place), options, made: true);
                    return;
                }
                Register? mode = type == "tmpfs" && !options.HasData("mode") ? ModeOf(program, inside, place) : null;
                MountAttributes made = later ? options.Set & ~MountAttributes.ReadOnly : options.Set;
                Register mounted = bound ? program.CloneTree(type == "sysfs" ? "/sys" : "/proc", type, recursive: true)
                    : program.NewFileSystem(type, string.IsNullOrEmpty(mount.Source) ? type : mount.Source, made, OptionsOf(inside, type, options, later));
                if (bound)
                {
                    // The host's mounts below come along, and are to be no weaker than this one.
                    OciMountSteps.Change(program, mounted, recursive: true, options.Set, options.Clear & (MountAttributes)0x70, MountFlags.Slave);
                }
                OciMountSteps.Apply(program, mounted, options, made: true);
                if (mode is { } wanted) program.Call(SystemCallNumber.Fchmodat, $"fchmodat({mounted}, \".\", {wanted})", mounted, program.String("."), wanted);
                // The place is made only now: where the file system cannot be had, nothing is left in the root.
                Register target = Target(program, inside, type, place);
                if (options.CopyUp)
                {
                    program.SendDescriptor(MessageKind.CopyFrom, target);
                    program.SendDescriptor(MessageKind.CopyTo, mounted, options.HasData("uid") || options.HasData("gid") ? OciCopyUp.KeepOwner : 0);
                }
                if (type is not "proc") OciProcGuard.Check(program, mount, mounted, target);
                program.Attach(mounted, target);
                if (later) inside.ReadOnlyLater[index] = mounted;
            },
            error => error switch
            {
                Errno.EINVAL => $"{type} does not know one of the options: {string.Join(',', options.Data.Select(static option => option.Value.Length == 0 ? option.Key : $"{option.Key}={option.Value}"))}",
                Errno.EPERM when type is "proc" or "sysfs" => $"{type} belongs to the owner of the {(type == "proc" ? "pid" : "network")} namespace, which is another than this user namespace, or parts of the host's {mount.Destination} are hidden from it",
                Errno.ENODEV => $"this kernel has no file system {type}: /proc/filesystems lists what it has",
                Errno.ENOTDIR when type is "proc" or "sysfs" => $"{type} is mounted on a real directory only, and {mount.Destination} is something else in this root: a link there could lead anywhere",
                _ => OciMountSteps.Hint(error, mount),
            });
    }

    /// <summary>True where the file system becomes read-only only when everything is in its place: places are made in it yet, for mounts that come later and for devices.</summary>
    public static bool IsReadOnlyLater(Mount mount, MountOptions options) => options.IsReadOnly && (mount.Type == "tmpfs" || OciMountChecks.PlaceOf(mount) == "/dev");

    // Of proc, sys and dev the place must be a real directory: a link of the image could lead labels, masks and devices elsewhere (CVE-2019-19921, CVE-2026-41579).
    private static Register Target(BootBuilder program, OciInside inside, string type, string place)
    {
        if (type is not ("proc" or "sysfs") && place != "/dev") return program.OpenBeneath(inside.Root, place, MakeMissing.Directory, place);
        int slash = place.LastIndexOf('/');
        Register parent = slash == 0 ? inside.Root : program.OpenBeneath(inside.Root, place[..slash], MakeMissing.Directory, place[..slash]);
        return program.OpenRealDirectory(parent, place[(slash + 1)..], place);
    }

    private static IEnumerable<KeyValuePair<string, string>> OptionsOf(OciInside inside, string type, MountOptions options, bool later)
    {
        if (options.IsReadOnly && !later) yield return new("ro", "");
        // Files of the kernel's own have labels of their own.
        if (inside.Spec.Linux.MountLabel is { Length: > 0 } label && type is not ("proc" or "sysfs" or "mqueue" or "cgroup" or "cgroup2")) yield return new("context", label);
        foreach (KeyValuePair<string, string> option in options.SuperBlock) yield return option;
        // The others count writes always, or never.
        if (options.CountsWrites && type is "ext2" or "ext3" or "ext4") yield return new("i_version", "");
        foreach (KeyValuePair<string, string> option in options.Data)
        {
            // A group that the user namespace does not have cannot own terminals; they then belong to the group of whoever opens them, who can give less away.
            if (type == "devpts" && option is { Key: "gid", Value: var value } && uint.TryParse(value, out uint gid) && inside.IsNew(LinuxNamespaceType.User) && !OciIdMaps.HasGid(inside.Spec.Linux.GidMappings, gid)) continue;
            yield return option;
        }
    }

    // A tmpfs takes the place of a directory: where no mode is given it has that directory's; where there is none, that of /tmp.
    private static Register ModeOf(BootBuilder program, OciInside inside, string place)
    {
        Register mode = program.Number(0x3ff, "mode of the place"), existing = program.NewRegister(place);
        var missing = new Label();
        Data how = program.Structure(new OpenHow { Flags = (ulong)(OpenFlags.PathOnly | OpenFlags.CloseOnExec), Resolve = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks) });
        program.Call(SystemCallNumber.Openat2, $"openat2({inside.Root}, {place}, {{flags=O_PATH|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}}, 24)", inside.Root, program.String(place), how, 24).To(existing).OnErrorGoTo(missing, Errno.ENOENT);
        Data status = program.Reserve(256);
        program.Call(SystemCallNumber.Statx, $"statx({existing}, \"\", AT_EMPTY_PATH, STATX_MODE, …)", existing, program.String(""), 0x1000, 2, status);
        // stx_mode; what stands behind it is 0.
        program.Copy(program.Load(status, 28, "mode"), mode);
        program.Place(missing);
        return mode;
    }
}
