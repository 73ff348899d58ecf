using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Request;

namespace Littlebox.Runtime.Steps;

/// <summary>A root that is kept as it is, beneath layers that are thrown away.</summary>
internal static class OverlaySteps
{
    // Below every usual limit of open files, above what a plan opens.
    private const int KnownNumber = 900;

    /// <summary>The directory becomes the lower layer of the root.</summary>
    public static void Root(Inside inside) => inside.Add(
        "Lay a throw-away layer over the root",
        "the directory stays as it is: what the container writes goes to the upper layer, in the scratch file system, and vanishes with it",
        program =>
        {
            inside.Root = Overlay(program, inside, inside.Request.Root.Directory, 0);
            program.Attach(inside.Root, program.OpenRealDirectory(inside.Scratch, "root", "root's place"));
        },
        field: "ROOT",
        shell: () => Shell(inside, inside.Request.Root.Directory, 0),
        hint: Hint);

    /// <summary>A root in memory, for the layers to be put on.</summary>
    public static void EmptyRoot(Inside inside) => inside.Add(
        "Make an empty root in memory",
        "in a user namespace the kernel lets nobody take a tree apart that has mounts below it, so the root is made anew, and the host's directories are laid into it one by one",
        program =>
        {
            RootSource root = inside.Request.Root;
            inside.Root = program.NewFileSystem("tmpfs", MountAttributes.NoSetId | MountAttributes.NoDevices, new KeyValuePair<string, string>("mode", "0755"));
            program.Attach(inside.Root, program.OpenRealDirectory(inside.Scratch, "root", "root's place"));
            foreach (string name in root.Empty.Concat(root.Layers.Select(static layer => layer[1..])))
            {
                int mode = name is "tmp" ? 0x3ff : 0x1ed;
                program.Call(SystemCallNumber.Mkdirat, $"mkdirat({inside.Root}, {name}, 0{new Words(Convert.ToString(mode, 8))})", inside.Root, program.String(name), mode);
            }
            foreach ((string name, string target) in root.Links!)
                program.Call(SystemCallNumber.Symlinkat, $"symlinkat({target}, {inside.Root}, {name})", program.String(target), inside.Root, program.String(name));
        },
        field: "ROOT",
        shell: () =>
        [
            $"mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs {Inside.ShellRoot}",
            .. inside.Request.Root.Empty.Concat(inside.Request.Root.Layers.Select(static layer => layer[1..])).Select(static name => $"mkdir -m {(name is "tmp" ? "1777" : "755")} \"$box/root/\"{ShellQuote.Word(name)}"),
            .. inside.Request.Root.Links!.Select(static link => $"ln -s {ShellQuote.Word(link.Target)} \"$box/root/\"{ShellQuote.Word(link.Name)}"),
        ]);

    /// <summary>One more directory of the host with a layer of its own.</summary>
    /// <param name="inside">What the steps share.</param>
    /// <param name="index">Its place among the layers of the request.</param>
    public static void Layer(Inside inside, int index)
    {
        string path = inside.Request.Root.Layers[index];
        inside.Add(
            $"Lay a throw-away layer over {path}",
            "an overlay shows one file system of its lower layer; each further one, or each directory, needs an overlay of its own",
            program =>
            {
                Register overlay = Overlay(program, inside, path, index + 1);
                program.Attach(overlay, program.OpenBeneath(inside.Root, path, MakeMissing.Directory, path));
            },
            field: "ROOT",
            shell: () => Shell(inside, path, index + 1),
            hint: Hint);
    }

    // Layer 0 is the root itself.
    private static Register Overlay(BootBuilder program, Inside inside, string lower, int layer)
    {
        string scratch = inside.Request.StateDirectory;
        if (inside.Request.RootIsAnother)
        {
            // Overlayfs takes names only; these lead through a descriptor of a known number, since the ids we have now may not search the host's directories.
            scratch = $"/proc/self/fd/{KnownNumber}";
            lower = $"{scratch}/{Name("lower", layer)}";
            program.Attach(layer == 0 ? inside.RootTree : inside.LayerTrees[layer - 1], program.OpenRealDirectory(inside.Scratch, Name("lower", layer), "lower layer's place"));
            if (layer == 0 || (layer == 1 && inside.Request.Root.Links is not null)) program.Call(SystemCallNumber.Dup3, $"dup3({inside.Scratch}, {KnownNumber}, O_CLOEXEC)", inside.Scratch, KnownNumber, (long)OpenFlags.CloseOnExec.Value);
        }
        string upper = Name("upper", layer), work = Name("work", layer);
        foreach (string name in (ReadOnlySpan<string>)[upper, work])
            program.Call(SystemCallNumber.Mkdirat, $"mkdirat({inside.Scratch}, {name}, 0755)", inside.Scratch, program.String(name), 0x1ed);
        List<KeyValuePair<string, string>> options = [new("lowerdir", EscapeLayer(lower)), new("upperdir", $"{scratch}/{upper}"), new("workdir", $"{scratch}/{work}")];
        // In a user namespace trusted.* attributes cannot be written (Linux 5.11).
        if (inside.Request.InUserNamespace) options.Add(new("userxattr", ""));
        return program.NewFileSystem("overlay", MountAttributes.None, options);
    }

    private static IEnumerable<string> Shell(Inside inside, string lower, int layer)
    {
        string upper = Name("upper", layer), work = Name("work", layer), layers = ShellQuote.Word("lowerdir=" + EscapeLayer(lower));
        if (inside.Request.IdMappedRoot)
        {
            string place = $"\"$box/{Name("lower", layer)}\"";
            yield return $"mkdir {place}; mount --bind {LaunchScript.LowerLayer(inside.Request, lower, layer)} {place}";
            layers = "lowerdir=" + place;
        }
        yield return $"mkdir \"$box/{upper}\" \"$box/{work}\"";
        yield return $"mount -t overlay -o {layers},upperdir=\"$box/{upper}\",workdir=\"$box/{work}\"{(inside.Request.InUserNamespace ? ",userxattr" : "")} overlay \"$box/root\"{(layer == 0 ? "" : ShellQuote.Word(lower))}";
    }

    private static string Name(string what, int layer) => layer == 0 ? what : string.Create(CultureInfo.InvariantCulture, $"{what}-{layer}");

    private static string? Hint(Errno error) => error is Errno.EINVAL or Errno.ENODEV or Errno.EPERM
        ? "this kernel does not lay an overlay over that directory (its file system may be one that overlayfs cannot use, or this user may not): 'littlebox doctor' tells; a copy of the directory always works"
        : null;

    // Overlayfs separates layers by colons, and takes a backslash as an escape.
    private static string EscapeLayer(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
