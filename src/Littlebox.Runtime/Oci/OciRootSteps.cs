using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>The root: out of the host's propagation, onto its place, and in the end the only one (config.md, Root; config-linux.md, Rootfs Mount Propagation).</summary>
internal static class OciRootSteps
{
    private const int CurrentDirectory = Linux.Text.Strace.CurrentDirectory;

    /// <summary>Mounts of here stay here.</summary>
    public static void StopPropagation(OciInside inside)
    {
        MountFlags propagation = Wanted(inside) is MountFlags.Private ? MountFlags.Private : MountFlags.Slave;
        inside.Add("Stop mounts from spreading", "the copy of the host's mounts is still in the host's peer groups: what we mount would show up there too", "/linux/rootfsPropagation",
            program => SetPropagation(program, "/", propagation, recursive: true));
    }

    /// <summary>The root is opened, by descriptor, while the child is still who the runtime is.</summary>
    public static void Open(OciInside inside) => inside.Add("Open the root", "a detached copy of the directory and of what is mounted in it: from here on its name does not matter", "/root/path",
        program =>
        {
            inside.Root = program.CloneTree(inside.Rootfs, "root", recursive: true);
            // A root that is to spread does so in a peer group of its own, not in the host's: what is mounted in it must not show up there.
            program.SetMount(inside.Root, recursive: true, MountAttributes.None, inside.Spec.Linux.RootfsPropagation is RootfsPropagation.Slave or RootfsPropagation.RecursiveSlave ? MountFlags.Slave : MountFlags.Private);
        },
        error => error is Errno.EINVAL ? $"{inside.Rootfs} cannot be cloned: it holds mounts that this user namespace may not take apart" : null);

    /// <summary>The root is put where it was: pivot_root wants a mount point.</summary>
    public static void Place(OciInside inside) => inside.Add("Bind the root onto its place", "pivot_root wants a mount point; bound onto the very directory it was taken from", "/root/path",
        program =>
        {
            Register place = program.NewRegister("root's place");
            program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, {inside.Rootfs}, O_PATH|O_DIRECTORY|O_CLOEXEC)", CurrentDirectory, program.String(inside.Rootfs),
                (long)(OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.CloseOnExec).Value).To(place);
            program.Attach(inside.Root, place);
        });

    /// <summary>The root becomes read-only.</summary>
    public static void MakeReadOnly(OciInside inside)
    {
        for (int i = 0; i < inside.Spec.Mounts.Count; i++)
        {
            Mount mount = inside.Spec.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options);
            if (options.Remount || options.Bind || !OciFileSystemSteps.IsReadOnlyLater(mount, options)) continue;
            int index = i;
            inside.Add($"Make {mount.Destination} read-only", "when the places for other mounts and the devices have been made in it", $"/mounts/{i}/options",
                program => program.SetMount(inside.ReadOnlyLater[index], recursive: false, MountAttributes.ReadOnly));
        }
        if (!inside.Spec.Root.Readonly) return;
        string directory = inside.Spec.Process?.Cwd ?? "/";
        if (directory.Trim('/').Length > 0)
            inside.Add("Make the working directory", "where it is missing, as long as the root can be written to", "/process/cwd", program => program.OpenBeneath(inside.Root, directory, MakeMissing.Directory, directory),
                error => error is Errno.ENOTDIR ? $"{directory} is not a directory in this root" : null);
        inside.Add("Make the root read-only", "last, since the places for the mounts had to be made in it; the mounts on it keep their own attributes", "/root/readonly",
            program => program.SetMount(inside.Root, recursive: false, MountAttributes.ReadOnly));
    }

    /// <summary>The new root is the root.</summary>
    public static void Enter(OciInside inside, bool noPivot)
    {
        if (noPivot)
        {
            IReadOnlyList<string> hidden = KernelMounts(inside.Rootfs);
            if (hidden.Count > 0)
            {
                inside.Add("Take the host's proc and sysfs away", "below the container's root they could still be reached, and as long as one is there whole, a user namespace in the container may mount another, without masks", "/root/path",
                    program =>
                    {
                        foreach (string place in hidden) Hide(program, place);
                    });
            }
            inside.Add("Move the root over the old one", "the old root is an initramfs, which pivot_root cannot leave; what was mounted before stays below, out of sight but not gone", "/root/path",
                program =>
                {
                    program.Call(SystemCallNumber.Fchdir, $"fchdir({inside.Root})", inside.Root);
                    program.Call(SystemCallNumber.Mount, $"mount(\".\", \"/\", NULL, MS_MOVE, NULL)", program.String("."), program.String("/"), 0, (long)MountFlags.Move, 0);
                    program.Call(SystemCallNumber.Chroot, $"chroot(\".\")", program.String("."));
                    program.Call(SystemCallNumber.Chdir, $"chdir(\"/\")", program.String("/"));
                });
            return;
        }
        inside.Add("Change to the new root", "pivot_root swaps the root of the whole mount namespace; the old root is then mounted over the new one, and let go of with all that is mounted in it", "/root/path",
            program =>
            {
                program.Call(SystemCallNumber.Fchdir, $"fchdir({inside.Root})", inside.Root);
                program.Call(SystemCallNumber.PivotRoot, $"pivot_root(\".\", \".\")", program.String("."), program.String("."));
                program.Call(SystemCallNumber.Umount2, $"umount2(\".\", MNT_DETACH)", program.String("."), (int)UnmountFlags.Detach);
                program.Call(SystemCallNumber.Chdir, $"chdir(\"/\")", program.String("/"));
            },
            static error => error is Errno.EINVAL ? "the root that this runtime runs in cannot be left by pivot_root (an initramfs): --no-pivot" : null);
        MountFlags wanted = Wanted(inside);
        if (wanted is MountFlags.Shared or MountFlags.Unbindable)
        {
            inside.Add("Set the propagation of the root", "what the document asks for, once nothing of the host is left that it could reach", "/linux/rootfsPropagation",
                program => SetPropagation(program, "/", wanted, inside.Spec.Linux.RootfsPropagation >= RootfsPropagation.RecursiveShared));
        }
    }

    /// <summary>
    /// Back into the runtime's mount namespace, with the root that has been furnished: "if a namespace type is not specified in the namespaces array, the container MUST inherit the runtime namespace
    /// of that type" (config-linux.md, Namespaces). The root is a detached copy, so nothing of it shows up there, nobody has to unmount it, and it lives as long as a process stands in it.
    /// </summary>
    public static void GoBack(OciInside inside, Func<LinuxNamespaceType, int> descriptor) => inside.Add("Go back to the runtime's mount namespace", "the document has no mount namespace; the mounts of the container come along in a detached copy of its root, and are in nobody's way", "/linux/namespaces",
        program =>
        {
            inside.Root = program.CloneTree("/", "root", recursive: true);
            program.Call(SystemCallNumber.Setns, $"setns(<the runtime's mount namespace>, CLONE_NEWNS)", descriptor(LinuxNamespaceType.Mount), (long)NamespaceFlags.Mount);
            program.Call(SystemCallNumber.Fchdir, $"fchdir({inside.Root})", inside.Root);
            program.Call(SystemCallNumber.Chroot, $"chroot(\".\")", program.String("."));
            program.Call(SystemCallNumber.Chdir, $"chdir(\"/\")", program.String("/"));
        });

    // The host's mounts of proc and sysfs outside the root, those above before those below.
    private static IReadOnlyList<string> KernelMounts(string root)
    {
        List<string> places = [];
        foreach (string line in (SmallFile.TryReadText("/proc/self/mountinfo", 16 << 20) ?? "").Split('\n'))
        {
            // 36 35 98:0 /root /point rw,noatime master:1 - type source options
            int separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (separator < 0 || line[(separator + 3)..].Split(' ')[0] is not ("proc" or "sysfs")) continue;
            string place = CGroups.CGroupMount.Unescape(line.Split(' ')[4]);
            if (place != root && !place.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal) && !places.Contains(place)) places.Add(place);
        }
        return places;
    }

    // What may not be unmounted, as it is locked by another user namespace, is covered. What has gone with one above is no mount any more.
    private static void Hide(BootBuilder program, string place)
    {
        var locked = new Label();
        var hidden = new Label();
        program.Call(SystemCallNumber.Umount2, $"umount2({place}, MNT_DETACH|UMOUNT_NOFOLLOW)", program.String(place), (int)(UnmountFlags.Detach | UnmountFlags.NoFollow)).OnErrorGoTo(locked, Errno.EINVAL, Errno.EPERM);
        program.Jump(hidden);
        program.Place(locked);
        program.Call(SystemCallNumber.Mount, $"mount(\"tmpfs\", {place}, \"tmpfs\", MS_RDONLY, NULL)", program.String("tmpfs"), program.String(place), program.String("tmpfs"), (long)MountFlags.ReadOnly, 0).Tolerate(Errno.ENOENT, Errno.ENOTDIR);
        program.Place(hidden);
    }

    /// <summary>True where mounts may spread from the container to the host, through bind mounts that the document makes shared.</summary>
    public static bool IsShared(OciInside inside) => Wanted(inside) is MountFlags.Shared;

    private static MountFlags Wanted(OciInside inside) => inside.Spec.Linux.RootfsPropagation switch
    {
        RootfsPropagation.Private or RootfsPropagation.RecursivePrivate => MountFlags.Private,
        RootfsPropagation.Shared or RootfsPropagation.RecursiveShared => MountFlags.Shared,
        RootfsPropagation.Unbindable or RootfsPropagation.RecursiveUnbindable => MountFlags.Unbindable,
        _ => MountFlags.Slave,
    };

    private static void SetPropagation(BootBuilder program, string path, MountFlags propagation, bool recursive)
    {
        Data argument = program.Structure(new MountAttributesArgument { Propagation = (ulong)propagation });
        program.Call(SystemCallNumber.MountSetattr, $"mount_setattr(AT_FDCWD, {path}, {new Words(recursive ? "AT_RECURSIVE" : "0")}, {new Words($"{{propagation={CallFlags.Of(propagation)}}}")}, 32)",
            CurrentDirectory, program.String(path), recursive ? 0x8000 : 0, argument, 32);
    }
}
