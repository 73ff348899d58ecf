using System.Text;
using Littlebox.Boot;
using Littlebox.Linux;
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
                // A file system of our own, in no tree: what is cloned from it stays when its descriptor is closed.
                Register empty = program.NewFileSystem("tmpfs", MountAttributes.ReadOnly | MountAttributes.NoSetId | MountAttributes.NoDevices | MountAttributes.NoExecute, new("mode", "0555"), new("nr_inodes", "2"), new("nr_blocks", "1"));
                foreach (string path in paths)
                {
                    var next = new Label();
                    var file = new Label();
                    Register target = OpenExisting(program, inside.Root, path, next);
                    program.JumpUnlessDirectory(target, file);
                    program.Attach(program.CloneTree(empty, "empty directory"), target);
                    program.Jump(next);
                    program.Place(file);
                    // The host's, which no image has touched: the child still sees the host's root.
                    program.Attach(program.CloneTree("/dev/null", "null", recursive: false), target);
                    program.Place(next);
                }
            });
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
            string path = "sys/" + key.Replace('.', '/');
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
            root, program.String(path), how, 24).To(target).OnErrorGoTo(otherwise, Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR);
        return target;
    }
}
