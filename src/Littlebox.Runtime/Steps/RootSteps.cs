using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Request;

namespace Littlebox.Runtime.Steps;

/// <summary>The root: out of the host's propagation, into its place, and in the end the only one.</summary>
internal static class RootSteps
{
    private const int CurrentDirectory = Linux.Text.Strace.CurrentDirectory;

    /// <summary>Mounts of here stay here.</summary>
    public static void StopPropagation(Inside inside) => inside.Add(
        "Stop mounts from spreading",
        "the copy of the host's mounts is still in the host's peer groups: what we mount would show up there too; slave where a volume wants to see the host's later mounts",
        program =>
        {
            MountFlags propagation = Propagation(inside.Request);
            Data argument = program.Structure(new MountAttributesArgument { Propagation = (ulong)propagation });
            program.Call(SystemCallNumber.MountSetattr, $"mount_setattr(AT_FDCWD, \"/\", AT_RECURSIVE, {new Words($"{{propagation={CallFlags.Of(propagation)}}}")}, 32)",
                CurrentDirectory, program.String("/"), 0x8000, argument, 32);
        },
        // A script binds a shared volume by its name, later than we do: till then only the mount that everything is put on keeps to itself.
        shell: () => [inside.Request.HasSharedMounts ? "# not yet: a shared volume has to be bound first; \"$box\" is a private mount meanwhile" : Propagation(inside.Request) == MountFlags.Slave ? "mount --make-rslave /" : "mount --make-rprivate /"]);

    /// <summary>A file system in memory for what belongs to this container alone.</summary>
    public static void MakeScratch(Inside inside) => inside.Add(
        "Make a scratch file system",
        "a place in memory for what is this container's alone: its upper layer, its hosts file, what masks a path; it lies beneath the root, nobody sees it, and it goes with the container",
        program =>
        {
            inside.Scratch = program.NewFileSystem("tmpfs", MountAttributes.NoSetId | MountAttributes.NoDevices, new KeyValuePair<string, string>("mode", "0755"));
            program.Attach(inside.Scratch, inside.StatePlace);
            program.Call(SystemCallNumber.Mkdirat, $"mkdirat({inside.Scratch}, \"root\", 0755)", inside.Scratch, program.String("root"), 0x1ed);
        },
        shell: static () => ["mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs \"$box\"", "mkdir \"$box/root\""]);

    /// <summary>What is on the host is opened while we may still see it.</summary>
    public static void OpenHost(Inside inside) => inside.Add(
        "Open the root and the container's directory",
        "by descriptor, while the child is still who littlebox is: what follows is mounted from and onto these descriptors, whatever happens to the names meanwhile",
        program =>
        {
            inside.StatePlace = program.NewRegister("container's directory");
            program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, {inside.Request.StateDirectory}, O_PATH|O_DIRECTORY|O_CLOEXEC)", CurrentDirectory,
                program.String(inside.Request.StateDirectory), (long)(OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.CloseOnExec).Value).To(inside.StatePlace);
            if (inside.Request.IdMappedRoot)
            {
                program.Report(MessageKind.Ready);
                inside.RootTree = program.ReceiveDescriptor("root, owners mapped");
                for (int i = 0; i < inside.LayerTrees.Length; i++) inside.LayerTrees[i] = program.ReceiveDescriptor(inside.Request.Root.Layers[i] + ", owners mapped");
            }
            else if (!inside.Request.Root.Overlay)
            {
                inside.RootTree = program.CloneTree(inside.Request.Root.Directory, "root", recursive: true);
            }
            else if (inside.Request.RootIsAnother)
            {
                if (inside.Request.Root.Links is null) inside.RootTree = program.CloneTree(inside.Request.Root.Directory, "root", recursive: false);
                for (int i = 0; i < inside.LayerTrees.Length; i++) inside.LayerTrees[i] = program.CloneTree(inside.Request.Root.Layers[i], inside.Request.Root.Layers[i], recursive: false);
            }
        },
        field: "ROOT",
        hint: static error => error is Errno.EINVAL ? "the directory cannot be cloned: it holds mounts that this user namespace may not take apart" : null);

    /// <summary>A directory becomes the root.</summary>
    public static void BindRoot(Inside inside) => inside.Add(
        "Bind the root into place",
        "pivot_root wants a mount point, so the directory is bound onto a place of its own",
        program =>
        {
            inside.Root = inside.RootTree;
            program.SetMount(inside.Root, recursive: true, MountAttributes.None, Propagation(inside.Request));
            program.Attach(inside.Root, program.OpenRealDirectory(inside.Scratch, "root", "root's place"));
        },
        field: "ROOT",
        shell: () =>
        [
            $"mount --rbind {LaunchScript.LowerLayer(inside.Request, inside.Request.Root.Directory, 0)} {Inside.ShellRoot}",
            .. inside.Request.HasSharedMounts ? (string[])[$"mount --make-rslave {Inside.ShellRoot}"] : [],
        ]);

    /// <summary>The root becomes read-only.</summary>
    public static void MakeReadOnly(Inside inside) => inside.Add(
        "Make the root read-only",
        "last, since the places for the mounts had to be made in it; the mounts on it keep their own attributes",
        program => program.SetMount(inside.Root, recursive: false, MountAttributes.ReadOnly),
        field: "--read-only",
        shell: () => [$"mount -o remount,bind,ro {Inside.ShellRoot}"]);

    /// <summary>The new root is the root.</summary>
    public static void Pivot(Inside inside) => inside.Add(
        "Change to the new root",
        "pivot_root swaps the root of the whole mount namespace, unlike chroot, which only changes where one process looks; the old root is now mounted over the new one",
        program =>
        {
            program.Call(SystemCallNumber.Fchdir, $"fchdir({inside.Root})", inside.Root);
            program.Call(SystemCallNumber.PivotRoot, $"pivot_root(\".\", \".\")", program.String("."), program.String("."));
        },
        shell: static () =>
        [
            "cd \"$box/root\"",
            "# the programs of the old root stay within reach by a descriptor, with their own loader and libraries",
            "loader=$(readlink -f /lib64/ld-linux-x86-64.so.2 2>/dev/null || readlink -f /lib/ld-linux-aarch64.so.1)",
            "libraries=$(dirname \"$loader\")",
            "exec {old}</",
            "host=(\"/proc/self/fd/$old$loader\" --library-path \"/proc/self/fd/$old$libraries:/proc/self/fd/$old/usr$libraries\")",
            "pivot_root . .",
        ],
        hint: static error => error is Errno.EINVAL ? "the root this littlebox runs in is not a mount that can be left (an initramfs): start it from a real root" : null);

    /// <summary>Nothing of the host is left.</summary>
    public static void DetachOldRoot(Inside inside) => inside.Add(
        "Let go of the old root",
        "detached with all mounts below it: from here on the container's mount table is its own, and no path leads to the host",
        static program =>
        {
            program.Call(SystemCallNumber.Umount2, $"umount2(\".\", MNT_DETACH)", program.String("."), (int)UnmountFlags.Detach);
            program.Call(SystemCallNumber.Chdir, $"chdir(\"/\")", program.String("/"));
        },
        shell: () =>
        [
            .. inside.Request.HasSharedMounts ? (string[])["\"${host[@]}\" \"/proc/self/fd/$old/usr/bin/mount\" --no-canonicalize --make-rslave \"/proc/self/fd/$old\""] : [],
            "\"${host[@]}\" \"/proc/self/fd/$old/usr/bin/umount\" -l .",
            "cd /",
        ]);

    /// <summary>The words for a place of the root that must be a directory and is something else; <c>null</c> for other errors.</summary>
    internal static string? PlaceHint(Inside inside, string place, Errno error)
    {
        if (error is not (Errno.ELOOP or Errno.ENOTDIR)) return null;
        // Only to name it: the mount itself never goes by this name.
        string? target = Kernel.TryReadLink(inside.Request.Root.Directory + place);
        return $"{place} of the root {(target is null ? "is no directory" : $"is a symbolic link, to {Linux.Text.Strace.Quote(target)}")}, and what the kernel has there may not be led elsewhere: make it a real directory, or remove it and littlebox makes it";
    }

    internal static MountFlags Propagation(ContainerRequest request) =>
        request.Mounts.Any(static mount => (mount.Propagation & (MountFlags.Slave | MountFlags.Shared)) != 0) ? MountFlags.Slave : MountFlags.Private;
}
