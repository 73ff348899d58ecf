using Littlebox.Boot;
using Littlebox.Linux;

namespace Littlebox.Runtime.Steps;

/// <summary>What of /proc and /sys a container may not see, and what it may not change.</summary>
internal static class MaskSteps
{
    private static readonly string[] Masked =
    [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
        "/proc/scsi", "/proc/interrupts", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    private static readonly string[] ReadOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>Hides paths.</summary>
    public static void Mask(Inside inside) => inside.Add(
        "Mask what tells about the whole machine",
        "these files are not divided by any namespace: memory of the kernel, keys, timers, firmware; an empty read-only file or directory of ours is mounted over each that exists",
        program =>
        {
            program.WriteFile(inside.Scratch, "empty-file", []);
            program.Call(SystemCallNumber.Mkdirat, $"mkdirat({inside.Scratch}, \"empty-directory\", 0555)", inside.Scratch, program.String("empty-directory"), 0x16d);
            inside.Masks = (EmptyObject(program, inside, "empty-directory"), EmptyObject(program, inside, "empty-file"));
            foreach (string path in Masked)
            {
                var next = new Label();
                var file = new Label();
                Register target = OpenExisting(program, inside, path, next);
                program.JumpUnlessDirectory(target, file);
                program.Attach(program.CloneTree(inside.Masks.Directory, "empty directory"), target);
                program.Jump(next);
                program.Place(file);
                program.Attach(program.CloneTree(inside.Masks.File, "empty file"), target);
                program.Place(next);
            }
        },
        shell: static () =>
        [
            "touch \"$box/empty-file\"; mkdir -m 555 \"$box/empty-directory\"",
            "for empty in empty-file empty-directory; do mount --bind \"$box/$empty\" \"$box/$empty\"; mount -o remount,bind,ro,nosuid,nodev,noexec \"$box/$empty\"; done",
            $"for path in {string.Join(' ', Masked)}; do",
            "  if [ -d \"$box/root$path\" ]; then mount --bind \"$box/empty-directory\" \"$box/root$path\"; elif [ -e \"$box/root$path\" ]; then mount --bind \"$box/empty-file\" \"$box/root$path\"; fi",
            "done",
        ]);

    /// <summary>Keeps paths from being written.</summary>
    public static void Protect(Inside inside) => inside.Add(
        "Make what changes the whole machine read-only",
        "a write to these reaches the one kernel that all share: bound onto themselves, read-only",
        program =>
        {
            foreach (string path in ReadOnly)
            {
                var next = new Label();
                Register target = OpenExisting(program, inside, path, next);
                Register tree = program.CloneTree(target, path, recursive: true);
                program.SetMount(tree, recursive: true, MountAttributes.ReadOnly);
                program.Attach(tree, target);
                program.Place(next);
            }
        },
        shell: static () =>
        [
            $"for path in {string.Join(' ', ReadOnly)}; do",
            "  [ -e \"$box/root$path\" ] || continue",
            "  mount --rbind \"$box/root$path\" \"$box/root$path\"; " + Inside.ShellRemount("\"$box/root$path\"", "ro,nosuid,nodev,noexec"),
            "done",
        ]);

    // Bound onto itself, read-only; copies of it keep the attributes.
    private static Register EmptyObject(BootBuilder program, Inside inside, string name)
    {
        Register empty = program.NewRegister(name);
        program.Call(SystemCallNumber.OpenTree, $"open_tree({inside.Scratch}, {name}, OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)", inside.Scratch, program.String(name), 0x80001).To(empty);
        program.SetMount(empty, recursive: false, MountAttributes.ReadOnly | MountAttributes.NoSetId | MountAttributes.NoDevices | MountAttributes.NoExecute);
        program.Attach(empty, program.OpenBeneath(inside.Scratch, name, MakeMissing.Nothing, name));
        return empty;
    }

    private static Register OpenExisting(BootBuilder program, Inside inside, string path, Label otherwise)
    {
        Register target = program.NewRegister(path);
        Data how = program.Structure(new OpenHow { Flags = (ulong)(OpenFlags.PathOnly | OpenFlags.CloseOnExec), Resolve = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks) });
        program.Call(SystemCallNumber.Openat2, $"openat2({inside.Root}, {path}, {{flags=O_PATH|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_SYMLINKS|RESOLVE_NO_MAGICLINKS}}, 24)",
            inside.Root, program.String(path), how, 24).To(target).OnErrorGoTo(otherwise, Errno.ENOENT, Errno.EACCES);
        return target;
    }
}
