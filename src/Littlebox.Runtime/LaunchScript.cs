using Littlebox.Linux;
using Littlebox.Plan.Explain;
using Littlebox.Runtime.Ids;
using Littlebox.Runtime.Request;

namespace Littlebox.Runtime;

/// <summary>
/// What the host steps of a container are in bash and util-linux. A script cannot start a child and go on beside it, so where ids are mapped that <c>unshare</c>
/// does not map by itself, another process holds the user namespace until its maps are written and the owners of the root are mapped; the container's is
/// then a child of that namespace's own. Variables: <c>box</c> is the container's directory, <c>mapped</c> one for what only the host's root can bind, <c>held</c> the
/// process that holds the user namespace, <c>hold</c> the descriptor it waits on.
/// </summary>
internal sealed class LaunchScript(ContainerRequest request, Func<IEnumerable<(NamespaceFlags Kind, NamespaceChoice Choice, string What, string Field)>> choices)
{
    /// <summary>True where another process holds the user namespace.</summary>
    public bool HoldsUserNamespace => request.Mappings is { Single: false };

    /// <summary>What the script does at its end, within single quotes.</summary>
    public string End
    {
        get
        {
            List<string> lines = [];
            if (HoldsUserNamespace) lines.Add("[ -z \"${hold:-}\" ] || { exec {hold}>&-; wait \"$held\" || :; }");
            if (request.HasSharedMounts) lines.Add("umount \"$box\"");
            lines.Add(request.IdMappedRoot ? "rmdir \"$box\" \"$mapped\"" : "rmdir \"$box\"");
            return string.Join("; ", lines);
        }
    }

    /// <summary>A directory for the container.</summary>
    public IEnumerable<string> TakeDirectory()
    {
        yield return request.IdMappedRoot ? "box=$(mktemp -d) mapped=$(mktemp -d); export box mapped" : "box=$(mktemp -d); export box";
        if (request.HasSharedMounts) yield return "mount --bind \"$box\" \"$box\" && mount --make-private \"$box\"";
        yield return $"trap '{End}' EXIT";
    }

    /// <summary>A process in a new user namespace, and, where the owners of the root are to be mapped, in a mount namespace in which the host's root can do so.</summary>
    public IEnumerable<string> HoldUserNamespace()
    {
        string mounts = request.IdMappedRoot ? "unshare --mount --propagation slave -- " : "";
        yield return "# a process holds the user namespace until the container is in it";
        yield return $"coproc holder {{ exec {mounts}unshare --user -- bash -c 'echo; read -r _'; }}";
        yield return "held=$holder_PID hold=${holder[1]}";
        yield return "read -r _ <&\"${holder[0]}\"";
    }

    /// <summary>The id maps.</summary>
    public IEnumerable<string> WriteMaps(IdMappings maps)
    {
        if (!HoldsUserNamespace) yield break;
        yield return Map("uid", maps.Uids, maps.ByHelper);
        yield return Map("gid", maps.Gids, maps.ByHelper);
    }

    /// <summary>The owners of the root are mapped, and what else only the host's root may bind is bound.</summary>
    public IEnumerable<string> MapOwners(IEnumerable<string> directories)
    {
        yield return "within() { nsenter --mount=\"/proc/$held/ns/mnt\" -- \"$@\"; }";
        yield return "within mount -t tmpfs -o mode=0755 tmpfs \"$mapped\"";
        yield return "# what util-linux does from 2.39 on; before that, perl makes the system calls: open_tree, mount_setattr, move_mount";
        yield return "if printf '%s\\n' 2.39 \"$(mount --version | sed 's/.*util-linux \\([0-9.]*\\).*/\\1/')\" | sort -VC; then";
        yield return "  map_owners() { within mount --bind -o \"X-mount.idmap=/proc/$held/ns/user\" \"$1\" \"$2\"; }";
        yield return "else";
        yield return "  map_owners() { within perl -e 'my ($from, $to, $user) = @ARGV; my $empty = \"\"; open my $namespace, \"<\", $user or die \"$user: $!\\n\";";
        yield return "    my $tree = syscall 428, -100, $from, 0x80001; $tree >= 0 or die \"open_tree $from: $!\\n\";";
        yield return "    my $attributes = pack \"Q4\", 0x100000, 0, 0, fileno $namespace; syscall(442, $tree, $empty, 0x1000, $attributes, 32) == 0 or die \"mount_setattr $from: $!\\n\";";
        yield return "    syscall(429, $tree, $empty, -100, $to, 4) == 0 or die \"move_mount $to: $!\\n\"' \"$1\" \"$2\" \"/proc/$held/ns/user\"; }";
        yield return "fi";
        int layer = 0;
        foreach (string directory in directories)
        {
            string place = Mapped(layer == 0 ? "lower" : $"lower-{layer}");
            layer++;
            yield return $"within mkdir {place}; map_owners {ShellQuote.Word(directory)} {place}";
        }
        for (int i = 0; i < request.Mounts.Count; i++)
        {
            if (request.Mounts[i].Kind != MountKind.Bind) continue;
            string source = ShellQuote.Word(request.Mounts[i].Source);
            yield return $"if [ -d {source} ]; then within mkdir {VolumeSource(request, i)}; else within touch {VolumeSource(request, i)}; fi";
            yield return $"within mount --{(request.Mounts[i].Recursive ? "rbind" : "bind")} {source} {VolumeSource(request, i)}";
        }
    }

    /// <summary>The line that runs the steps inside, in new namespaces and those that are joined.</summary>
    /// <param name="made">The namespaces to be made.</param>
    public string RunInside(NamespaceFlags made)
    {
        var words = new List<string>();
        foreach ((_, NamespaceChoice choice, _, string field) in choices())
        {
            if (choice.Source == NamespaceSource.Path) words.Add($"--{(field is "--userns" ? "user" : field is "--cgroupns" ? "cgroup" : field[2..])}={ShellQuote.Word(choice.Path!)}");
        }
        if (HoldsUserNamespace)
        {
            if (request.IdMappedRoot) words.Add("--mount=\"/proc/$held/ns/mnt\"");
            words.Add("--user=\"/proc/$held/ns/user\"");
        }
        if (words.Count > 0) words.Insert(0, "nsenter");
        if (HoldsUserNamespace) words.Add("--");
        words.Add("unshare");
        foreach ((NamespaceFlags kind, string option) in (ReadOnlySpan<(NamespaceFlags, string)>)
            [(NamespaceFlags.User, "--user"), (NamespaceFlags.Mount, "--mount"), (NamespaceFlags.Uts, "--uts"), (NamespaceFlags.Ipc, "--ipc"), (NamespaceFlags.Network, "--net"), (NamespaceFlags.Pid, "--pid"), (NamespaceFlags.CGroup, "--cgroup"), (NamespaceFlags.Time, "--time")])
        {
            if ((made & kind) != 0) words.Add(option);
        }
        if (made.HasFlag(NamespaceFlags.User)) words.Add("--map-root-user");
        words.Add("--propagation unchanged --fork --kill-child -- bash -c \"$inside\"");
        return string.Join(' ', words);
    }

    /// <summary>Where the steps inside find the root, or one of its layers (from 1), as a word of bash.</summary>
    public static string LowerLayer(ContainerRequest request, string directory, int layer) => request.IdMappedRoot ? Mapped(layer == 0 ? "lower" : $"lower-{layer}") : ShellQuote.Word(directory);

    /// <summary>Where the steps inside find the source of a volume, as a word of bash.</summary>
    public static string VolumeSource(ContainerRequest request, int index) => request.IdMappedRoot ? Mapped($"volume-{index}") : ShellQuote.Word(request.Mounts[index].Source);

    private static string Mapped(string name) => $"\"$mapped/{name}\"";

    // The kernel takes a map in one write, and bash writes line by line; cat reads the whole of it, and writes it at once.
    private static string Map(string kind, IReadOnlyList<IdRange> ranges, bool byHelper) =>
        byHelper ? $"new{kind}map \"$held\" {string.Join(' ', ranges)}" : $"cat > \"/proc/$held/{kind}_map\" <<< $'{string.Join("\\n", ranges)}'";
}
