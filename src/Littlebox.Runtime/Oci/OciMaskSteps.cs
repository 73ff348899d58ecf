using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Steps;

namespace Littlebox.Runtime.Oci;

/// <summary>What the container may not see or change: masked and read-only paths, sysctls (config-linux.md, Masked Paths, Readonly Paths, Sysctl).</summary>
internal static class OciMaskSteps
{
    /// <summary>Hides paths: what masks them is an object of ours, never a file of the image (CVE-2025-31133).</summary>
    public static void Mask(OciInside inside)
    {
        IReadOnlyList<string> paths = inside.Spec.Linux.MaskedPaths;
        if (paths.Count == 0) return;
        inside.Add("Mask paths", "an empty read-only file or directory of ours is mounted over each that exists", "/linux/maskedPaths",
            program =>
            {
                // Objects of our own, in no tree yet; the host's null has been touched by no image, as the child still sees the host's root, and is looked at.
                Register empty = program.NewFileSystem("tmpfs", MountAttributes.ReadOnly | MountAttributes.NoSetId | MountAttributes.NoDevices | MountAttributes.NoExecute, new("mode", "0555"), new("nr_inodes", "2"), new("nr_blocks", "1"));
                Register nothing = program.NewRegister("/dev/null");
                program.Call(SystemCallNumber.Openat, $"openat(AT_FDCWD, \"/dev/null\", O_PATH|O_NOFOLLOW|O_CLOEXEC)", Linux.Text.Strace.CurrentDirectory, program.String("/dev/null"), (long)(OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec).Value).To(nothing);
                var genuine = new Label();
                var wrong = new Label();
                program.JumpUnlessNode(nothing, FileTypes.CharacterDevice, 1, 3, wrong);
                program.Jump(genuine);
                program.Place(wrong);
                program.Fail(Errno.ENODEV);
                program.Place(genuine);
                foreach (string path in paths)
                {
                    var next = new Label();
                    var file = new Label();
                    var first = new Label();
                    Register target = OpenExisting(program, inside.Root, path, next);
                    program.JumpUnlessDirectory(target, file);
                    // Before Linux 6.15 what is in no tree cannot be copied: then the first directory gets the file system itself, and the others copies of it.
                    Register copy = program.NewRegister("empty directory");
                    program.Call(SystemCallNumber.OpenTree, $"open_tree({empty}, \"\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_EMPTY_PATH)", empty, program.String(""), (uint)(OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | OpenTreeFlags.EmptyPath)).To(copy).OnErrorGoTo(first, Errno.EINVAL);
                    program.Attach(copy, target);
                    program.Jump(next);
                    program.Place(first);
                    program.Attach(empty, target);
                    program.Jump(next);
                    program.Place(file);
                    Register mask = program.CloneTree(nothing, "null");
                    program.SetMount(mask, recursive: false, MountAttributes.NoSetId | MountAttributes.NoExecute, MountFlags.Private);
                    program.Attach(mask, target);
                    program.Place(next);
                }
            },
            static error => error is Errno.ENODEV ? "the host's /dev/null is something else than the character device 1:3, which masks files" : null);
    }

    /// <summary>Keeps paths from being written.</summary>
    public static void Protect(OciInside inside)
    {
        IReadOnlyList<string> paths = inside.Spec.Linux.ReadonlyPaths;
        if (paths.Count == 0) return;
        inside.Add("Make paths read-only", "bound onto themselves, read-only, with all that is mounted below", "/linux/readonlyPaths",
            program =>
            {
                foreach (string path in paths)
                {
                    var next = new Label();
                    Register target = OpenExisting(program, inside.Root, path, next);
                    Register tree = program.CloneTree(target, path, recursive: true);
                    program.SetMount(tree, recursive: true, MountAttributes.ReadOnly);
                    program.Attach(tree, target);
                    program.Place(next);
                }
            });
    }

    /// <summary>Writes sysctls, through a proc of our own.</summary>
    public static void Sysctls(OciInside inside)
    {
        foreach ((string key, string value) in inside.Spec.Linux.Sysctl)
        {
            string path = "sys/" + SysctlName.PathOf(key);
            inside.Add($"Set {key}", "a value of the container's own namespaces; the reader has checked that it belongs to one of them (CVE-2022-0811)", $"/linux/sysctl/{key}",
                program => WriteProc(program, inside.PrivateProc, path, value),
                error => error is Errno.ENOENT ? $"this kernel has no sysctl {key}" : null);
        }
    }

    /// <summary>Writes a file of our own proc.</summary>
    public static void WriteProc(BootBuilder program, Register proc, string path, string value)
    {
        Register file = program.NewRegister(path);
        Data how = program.Structure(new OpenHow { Flags = (ulong)(OpenFlags.WriteOnly | OpenFlags.CloseOnExec), Resolve = (ulong)(ResolveFlags.Beneath | ResolveFlags.NoMagicLinks | (ResolveFlags)0x01) });
        program.Call(SystemCallNumber.Openat2, $"openat2({proc}, {path}, {{flags=O_WRONLY|O_CLOEXEC, resolve=RESOLVE_BENEATH|RESOLVE_NO_MAGICLINKS|RESOLVE_NO_XDEV}}, 24)", proc, program.String(path), how, 24).To(file);
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        program.Call(SystemCallNumber.Write, $"write({file}, {value}, {bytes.Length})", file, program.Bytes(bytes), bytes.Length);
        program.Call(SystemCallNumber.Close, $"close({file})", file);
    }

    private static Register OpenExisting(BootBuilder program, Register root, string path, Label otherwise)
    {
        Register target = program.NewRegister(path);
        Data how = program.Structure(new OpenHow { Flags = (ulong)(OpenFlags.PathOnly | OpenFlags.CloseOnExec), Resolve = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks) });
        program.Call(SystemCallNumber.Openat2, $"openat2({root}, {path}, {{flags=O_PATH|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}}, 24)",
            root, program.String(path), how, 24).To(target).OnErrorGoTo(otherwise, Errno.ENOENT, Errno.ENOTDIR);
        return target;
    }
}
