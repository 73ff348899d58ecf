using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>The mounts of the document, in its order (config.md, Mounts).</summary>
internal static class OciMountSteps
{
    private const MountAttributes Harmless = MountAttributes.NoSetId | MountAttributes.NoDevices | MountAttributes.NoExecute;

    /// <summary>A proc of our own, in no tree, for writes to sysctls and to processes.</summary>
    public static void OpenPrivateProc(OciInside inside) => inside.Add("Mount a proc of our own, out of reach",
        "what is written to /proc goes through it: nobody but us can have changed what lies in it (CVE-2025-52881)", null,
        program => inside.PrivateProc = CanMountProc(inside) ? program.NewFileSystem("proc", Harmless) : program.CloneTree("/proc", "proc", recursive: false));

    /// <summary>Opens the sources of bind mounts.</summary>
    public static void OpenSources(OciInside inside)
    {
        for (int i = 0; i < inside.Spec.Mounts.Count; i++)
        {
            Mount mount = inside.Spec.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options);
            if (!IsBind(mount, options)) continue;
            int index = i;
            string source = Path.GetFullPath(mount.Source ?? "", inside.Bundle);
            inside.Add($"Open {source} of the host", "a detached copy of the mount, taken before the child changes who it is; from here on the name does not matter", $"/mounts/{i}/source",
                program => inside.Sources[index] = program.CloneTree(source, source, options.BindRecursive),
                error => error is Errno.ENOENT ? $"there is no {source} on this machine" : null);
        }
    }

    /// <summary>Puts all mounts in place.</summary>
    public static void Mount(OciInside inside)
    {
        for (int i = 0; i < inside.Spec.Mounts.Count; i++)
        {
            Mount mount = inside.Spec.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options);
            string field = $"/mounts/{i}";
            if (options.IdMap is not null) throw new LittleboxException(ErrorKind.NotSupported, $"config.json: {field}/options: mounts with mapped ids are not built in yet");
            if (IsBind(mount, options)) Bind(inside, i, mount, options, field);
            else if (mount.Type == "cgroup") OciCGroupMounts.Add(inside, mount, options, field);
            else FileSystem(inside, mount, options, field);
        }
    }

    /// <summary>True for a mount of something that exists already.</summary>
    public static bool IsBind(Mount mount, MountOptions options) => options.Bind || mount.Type is "bind" or "rbind";

    /// <summary>Sets what the options ask of a mount that is not in a tree yet.</summary>
    public static void Apply(BootBuilder program, Register mount, MountOptions options, MountAttributes already)
    {
        Change(program, mount, recursive: false, options.Set & ~already, options.Clear, MountFlags.None);
        Change(program, mount, recursive: true, options.RecursiveSet, options.RecursiveClear, MountFlags.None);
        foreach (MountFlags propagation in options.Propagation)
            Change(program, mount, (propagation & MountFlags.Recursive) != 0, MountAttributes.None, MountAttributes.None, propagation & ~MountFlags.Recursive);
    }

    private static void Bind(OciInside inside, int index, Mount mount, MountOptions options, string field) => inside.Add($"Mount {mount.Source} at {mount.Destination}",
        "onto what the path leads to inside the root: links in it are followed as the container would follow them, never out of it", field,
        program =>
        {
            Register source = inside.Sources[index];
            if (options.Propagation.Count == 0) program.SetMount(source, recursive: true, MountAttributes.None, MountFlags.Slave);
            Apply(program, source, options, MountAttributes.None);
            var file = new Label();
            var done = new Label();
            Register target = program.NewRegister(mount.Destination);
            program.JumpUnlessDirectory(source, file);
            program.Copy(program.OpenBeneath(inside.Root, mount.Destination, MakeMissing.Directory, mount.Destination), target);
            program.Jump(done);
            program.Place(file);
            program.Copy(program.OpenBeneath(inside.Root, mount.Destination, MakeMissing.File, mount.Destination), target);
            program.Place(done);
            program.Attach(source, target);
        },
        error => Hint(error, mount));

    private static void FileSystem(OciInside inside, Mount mount, MountOptions options, string field)
    {
        string type = mount.Type ?? throw new LittleboxException(ErrorKind.InvalidArgument, $"config.json: {field}/type: it is missing, and none of the options is bind or rbind");
        bool bound = type == "sysfs" && inside.HasUserNamespace && !inside.IsNew(LinuxNamespaceType.Network) || type == "proc" && !CanMountProc(inside);
        inside.Add($"Mount {type} at {mount.Destination}",
            bound ? "a user namespace may not mount one for a namespace that it does not own: the host's is bound" : "a file system of the kernel's, new or of the container's own namespaces", field,
            program =>
            {
                // Of proc and sys the place must be a real directory: a link of the image could lead labels and masks elsewhere (CVE-2019-19921).
                Register target = type is "proc" or "sysfs" && mount.Destination.Trim('/') is { } name && !name.Contains('/')
                    ? program.OpenRealDirectory(inside.Root, name, mount.Destination)
                    : program.OpenBeneath(inside.Root, mount.Destination, MakeMissing.Directory, mount.Destination);
                Register made = bound ? program.CloneTree(type == "sysfs" ? "/sys" : "/proc", type, recursive: true)
                    : program.NewFileSystem(type, string.IsNullOrEmpty(mount.Source) ? type : mount.Source, options.Set & ~(MountAttributes)0x70, options.Data);
                Apply(program, made, options, bound ? MountAttributes.None : options.Set & ~(MountAttributes)0x70);
                program.Attach(made, target);
            },
            error => error switch
            {
                Errno.EINVAL => $"{type} does not know one of the options: {string.Join(',', options.Data.Select(static option => option.Value.Length == 0 ? option.Key : $"{option.Key}={option.Value}"))}",
                Errno.ENODEV => $"this kernel has no file system {type}: /proc/filesystems lists what it has",
                _ => Hint(error, mount),
            });
    }

    // A proc shows the pid namespace of whoever mounts it; a user namespace may mount one only for a pid namespace that it owns.
    private static bool CanMountProc(OciInside inside) => !inside.HasUserNamespace || inside.IsNew(LinuxNamespaceType.Pid);

    private static void Change(BootBuilder program, Register mount, bool recursive, MountAttributes set, MountAttributes clear, MountFlags propagation)
    {
        if (set == 0 && clear == 0 && propagation == 0) return;
        Data argument = program.Structure(new MountAttributesArgument { Set = (ulong)set, Clear = (ulong)clear, Propagation = (ulong)propagation });
        program.Call(SystemCallNumber.MountSetattr,
            $"mount_setattr({mount}, \"\", {new Words(recursive ? "AT_EMPTY_PATH|AT_RECURSIVE" : "AT_EMPTY_PATH")}, {new Words($"{{attr_set={CallFlags.Of(set)}, attr_clr={CallFlags.Of(clear)}, propagation={CallFlags.Of(propagation)}}}")}, 32)",
            mount, program.String(""), recursive ? 0x9000 : 0x1000, argument, 32);
    }

    private static string? Hint(Errno error, Mount mount) => error switch
    {
        Errno.ENOTDIR => $"the destination {mount.Destination} goes through a file or through a link that leads nowhere inside the root, or is not of the source's sort",
        Errno.EROFS => $"the destination {mount.Destination} is missing and the root cannot be written: make it in the root beforehand",
        Errno.ELOOP => $"the destination {mount.Destination} goes through a link of /proc, or links in a circle",
        _ => null,
    };
}
