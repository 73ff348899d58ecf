using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Request;

namespace Littlebox.Runtime.Steps;

/// <summary>The mounts that the user asked for.</summary>
internal static class VolumeSteps
{
    /// <summary>Opens the sources of those that stay shared with the host: as long as they are in the host's peer group.</summary>
    public static void OpenSharedSources(Inside inside) => Open(inside, shared: true, "a detached copy of the mount, which stays in the host's peer group: what is mounted in it later, here or there, shows up on both sides");

    /// <summary>Opens the other sources.</summary>
    public static void OpenSources(Inside inside) => Open(inside, shared: false, "a detached copy of the mount, taken before the child changes who it is; from here on the name does not matter");

    private static void Open(Inside inside, bool shared, string why)
    {
        for (int i = 0; i < inside.Request.Mounts.Count; i++)
        {
            MountRequest mount = inside.Request.Mounts[i];
            if (mount.Kind != MountKind.Bind || mount.IsShared != shared) continue;
            int index = i;
            inside.Add(
                $"Open {mount.Source} of the host",
                why,
                program => inside.Sources[index] = program.CloneTree(mount.Source, mount.Source, mount.Recursive),
                field: mount.Field,
                hint: error => error is Errno.EINVAL ? $"{mount.Source} cannot be bound from here: other mounts lie below it that this user may not take apart (bind recursively), or it is unbindable" : null);
        }
    }

    /// <summary>Puts them in place.</summary>
    public static void Mount(Inside inside)
    {
        for (int i = 0; i < inside.Request.Mounts.Count; i++)
        {
            MountRequest mount = inside.Request.Mounts[i];
            int index = i;
            if (mount.Kind == MountKind.Tmpfs) Tmpfs(inside, mount);
            else Bind(inside, mount, index);
        }
    }

    private static void Bind(Inside inside, MountRequest mount, int index) => inside.Add(
        $"Mount {mount.Source} at {mount.Target}",
        "onto what the path leads to inside the root: links in it are followed as the container would follow them, never out of it",
        program =>
        {
            Register source = inside.Sources[index];
            MountAttributes attributes = mount.Attributes | (mount.ReadOnly ? MountAttributes.ReadOnly : MountAttributes.None);
            program.SetMount(source, recursive: true, attributes, mount.Propagation);
            var file = new Label();
            var done = new Label();
            // What is missing is made as a directory or as a file, as the source is one.
            Register target = program.NewRegister(mount.Target);
            program.JumpUnlessDirectory(source, file);
            program.Copy(program.OpenBeneath(inside.Root, mount.Target, MakeMissing.Directory, mount.Target), target);
            program.Jump(done);
            program.Place(file);
            program.Copy(program.OpenBeneath(inside.Root, mount.Target, MakeMissing.File, mount.Target), target);
            program.Place(done);
            program.Attach(source, target);
        },
        field: mount.Field,
        shell: () =>
        [
            $"if [ -d {LaunchScript.VolumeSource(inside.Request, index)} ]; then mkdir -p \"$box/root\"{ShellQuote.Word(mount.Target)}; else mkdir -p \"$(dirname \"$box/root\"{ShellQuote.Word(mount.Target)})\"; touch \"$box/root\"{ShellQuote.Word(mount.Target)}; fi",
            $"mount --{(mount.Recursive ? "rbind" : "bind")} {LaunchScript.VolumeSource(inside.Request, index)} \"$box/root\"{ShellQuote.Word(mount.Target)}",
            .. BindOptions(mount) is { Length: > 0 } options ? (string[])[Inside.ShellRemount($"\"$box/root\"{ShellQuote.Word(mount.Target)}", options)] : [],
            .. mount.Propagation == RootSteps.Propagation(inside.Request) && mount.Propagation == MountFlags.Private ? (string[])[] : [$"mount --make-r{CallFlags.Of(mount.Propagation)[3..].ToLowerInvariant()} \"$box/root\"{ShellQuote.Word(mount.Target)}"],
        ],
        hint: error => Hint(error, mount));

    private static void Tmpfs(Inside inside, MountRequest mount) => inside.Add(
        $"Mount an empty file system in memory at {mount.Target}",
        "what is written there is gone with the container, and never touches the disk",
        program =>
        {
            MountAttributes attributes = mount.Attributes | (mount.ReadOnly ? MountAttributes.ReadOnly : MountAttributes.None);
            Register tmpfs = program.NewFileSystem("tmpfs", attributes, mount.Options);
            program.Attach(tmpfs, program.OpenBeneath(inside.Root, mount.Target, MakeMissing.Directory, mount.Target));
        },
        field: mount.Field,
        shell: () =>
        [
            $"mkdir -p \"$box/root\"{ShellQuote.Word(mount.Target)}",
            $"mount -t tmpfs -o {string.Join(',', mount.Options.Select(static option => option.Value.Length == 0 ? option.Key : $"{option.Key}={option.Value}").Prepend(BindOptions(mount)).Where(static option => option.Length > 0))} tmpfs \"$box/root\"{ShellQuote.Word(mount.Target)}",
        ],
        hint: error => error is Errno.EINVAL ? "tmpfs does not know one of the options; it knows size, nr_inodes, mode, uid, gid, huge (tmpfs(5))" : Hint(error, mount));

    private static string? Hint(Errno error, MountRequest mount) => error switch
    {
        // EINVAL: move_mount(2) of a directory onto a file, or the other way round.
        Errno.ENOTDIR or Errno.EINVAL => $"the target {mount.Target} goes through a file or through a link that leads nowhere inside the root, or is not of the source's sort: a directory can only be mounted on a directory, a file on a file",
        Errno.ENOENT => $"the target {mount.Target} is a symbolic link that leads nowhere inside the root",
        Errno.EROFS => $"the target {mount.Target} is missing and the root is read-only: make it in the root beforehand",
        Errno.ELOOP => $"the target {mount.Target} goes through a link of /proc, or links in a circle",
        _ => null,
    };

    private static string BindOptions(MountRequest mount)
    {
        var words = new List<string>();
        if (mount.ReadOnly) words.Add("ro");
        if (mount.Attributes.HasFlag(MountAttributes.NoSetId)) words.Add("nosuid");
        if (mount.Attributes.HasFlag(MountAttributes.NoDevices)) words.Add("nodev");
        if (mount.Attributes.HasFlag(MountAttributes.NoExecute)) words.Add("noexec");
        return string.Join(',', words);
    }
}
