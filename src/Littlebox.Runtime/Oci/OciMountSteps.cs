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
        program =>
        {
            if (!inside.HasUserNamespace || inside.IsNew(LinuxNamespaceType.Pid))
            {
                inside.PrivateProc = program.NewFileSystem("proc", Harmless);
                return;
            }
            // A pid namespace of somebody else's has no proc for us: then a copy of the host's, which nobody else can reach either.
            var denied = new Label();
            var end = new Label();
            inside.PrivateProc = program.NewRegister("proc");
            program.Copy(program.NewFileSystem("proc", "proc", Harmless, [], denied), inside.PrivateProc);
            program.Jump(end);
            program.Place(denied);
            program.Copy(program.CloneTree("/proc", "proc", recursive: false), inside.PrivateProc);
            program.Place(end);
        });

    /// <summary>Opens the sources of bind mounts that the runtime has not opened itself.</summary>
    public static void OpenSources(OciInside inside, OciHostSources host)
    {
        for (int i = 0; i < inside.Spec.Mounts.Count; i++)
        {
            Mount mount = inside.Spec.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options);
            if (!IsBind(mount, options) || options.Remount) continue;
            int index = i;
            string source = SourceOf(inside, mount);
            if (host.Opens(i))
            {
                inside.Add($"Take {source} from the runtime", "it is open already", $"/mounts/{i}/source", program => inside.Sources[index] = program.Number(host.Of(index), source));
                continue;
            }
            inside.Add($"Open {source} of the host", "a detached copy of the mount, taken before the child changes who it is; from here on the name does not matter", $"/mounts/{i}/source",
                program => inside.Sources[index] = program.CloneTree(source, source, options.BindRecursive),
                error => error switch
                {
                    Errno.ENOENT => $"there is no {source} on this machine",
                    Errno.EINVAL when inside.HasUserNamespace => $"{source} cannot be bound alone: in a user namespace what is mounted below it must come along (rbind)",
                    _ => null,
                });
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
            if (options.Remount) OciRemountSteps.Add(inside, mount, options, field);
            else if (IsBind(mount, options)) Bind(inside, i, mount, options, field);
            else if (mount.Type is "cgroup" or "cgroup2") OciCGroupMounts.Add(inside, mount, options, field);
            else OciFileSystemSteps.Add(inside, i, mount, options, field);
        }
    }

    /// <summary>True for a mount of something that exists already.</summary>
    public static bool IsBind(Mount mount, MountOptions options) => options.Bind || mount.Type is "bind" or "rbind" && !options.Remount;

    /// <summary>The source of a bind mount; a relative one begins at the bundle.</summary>
    public static string SourceOf(OciInside inside, Mount mount) => Path.GetFullPath(mount.Source ?? "", inside.Bundle);

    /// <summary>Sets what the options ask of a mount that is not in a tree yet.</summary>
    /// <param name="program">The program.</param>
    /// <param name="mount">The mount.</param>
    /// <param name="options">The options.</param>
    /// <param name="made">It was made with its own attributes; what is left is what concerns others.</param>
    public static void Apply(BootBuilder program, Register mount, MountOptions options, bool made = false)
    {
        if (!made) Change(program, mount, recursive: false, options.Set, options.Clear, MountFlags.None);
        Change(program, mount, recursive: true, options.RecursiveSet, options.RecursiveClear, MountFlags.None);
        foreach (MountFlags propagation in options.Propagation)
            Change(program, mount, (propagation & MountFlags.Recursive) != 0, MountAttributes.None, MountAttributes.None, propagation & ~MountFlags.Recursive);
    }

    /// <summary>mount_setattr(2) of an open mount; nothing where nothing is to be changed.</summary>
    public static void Change(BootBuilder program, Register mount, bool recursive, MountAttributes set, MountAttributes clear, MountFlags propagation)
    {
        if (set == 0 && clear == 0 && propagation == 0) return;
        Data argument = program.Structure(new MountAttributesArgument { Set = (ulong)set, Clear = (ulong)clear, Propagation = (ulong)propagation });
        program.Call(SystemCallNumber.MountSetattr,
            $"mount_setattr({mount}, \"\", {new Words(recursive ? "AT_EMPTY_PATH|AT_RECURSIVE" : "AT_EMPTY_PATH")}, {new Words($"{{attr_set={CallFlags.Of(set)}, attr_clr={CallFlags.Of(clear)}, propagation={CallFlags.Of(propagation)}}}")}, 32)",
            mount, program.String(""), recursive ? 0x9000 : 0x1000, argument, 32);
    }

    /// <summary>What an error of a mount at a path of the container means.</summary>
    public static string? Hint(Errno error, Mount mount) => error switch
    {
        Errno.ENOTDIR => $"the destination {mount.Destination} goes through a file or through a link that leads nowhere inside the root, or is not of the source's sort",
        Errno.EROFS => $"the destination {mount.Destination} is missing and the root cannot be written: make it in the root beforehand",
        Errno.ELOOP => $"the destination {mount.Destination} goes through a link of /proc, through a link to nowhere, or through links in a circle",
        Errno.EXDEV => $"a link in the root leads {mount.Destination} into /proc, where nothing may be mounted",
        _ => null,
    };

    private static void Bind(OciInside inside, int index, Mount mount, MountOptions options, string field) => inside.Add($"Mount {mount.Source} at {mount.Destination}",
        "onto what the path leads to inside the root: links in it are followed as the container would follow them, never out of it", field,
        program =>
        {
            Register source = inside.Sources[index];
            // A copy of a mount that spreads would spread to the host what the container mounts in it: it only listens, unless the document wants more.
            if (options.Propagation.Count == 0 || !OciRootSteps.IsShared(inside)) program.SetMount(source, recursive: true, MountAttributes.None, MountFlags.Slave);
            Apply(program, source, options);
            var file = new Label();
            var done = new Label();
            string place = OciMountChecks.PlaceOf(mount);
            Register target = program.NewRegister(place);
            program.JumpUnlessDirectory(source, file);
            program.Copy(program.OpenBeneath(inside.Root, place, MakeMissing.Directory, place), target);
            program.Jump(done);
            program.Place(file);
            program.Copy(program.OpenBeneath(inside.Root, place, MakeMissing.File, place), target);
            program.Place(done);
            OciProcGuard.Check(program, mount, source, target);
            program.Attach(source, target);
        },
        error => error switch
        {
            Errno.EPERM when options.Clear != 0 || options.RecursiveClear != 0 => "the host's mount has attributes that are locked in a user namespace: an option that takes them away (rw, suid, dev, exec, an access time) cannot be granted",
            _ => Hint(error, mount),
        });
}
