using System.Globalization;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Linux.Text;
using Littlebox.Oci;
using Littlebox.Plan;
using Littlebox.Runtime.Ids;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// Sources of bind mounts that the runtime opens itself, before the child is there: those with mapped ids, which a user namespace may not map; and, for a container with a user namespace,
/// all of them, since its root may not be able to look where they are. For one plan.
/// </summary>
internal sealed class OciHostSources(OciInside inside, Func<LinuxNamespaceType, int> descriptorOf) : IDisposable
{
    private readonly Dictionary<int, Descriptor> trees = [];

    /// <summary>The descriptors that the child must keep.</summary>
    public IEnumerable<int> Numbers => trees.Values.Select(static tree => tree.Number);

    /// <summary>True where the runtime opens the source of this mount.</summary>
    public bool Opens(int index)
    {
        Mount mount = inside.Spec.Mounts[index];
        MountOptions options = MountOptions.Parse(mount.Options);
        return OciMountSteps.IsBind(mount, options) && !options.Remount && (OciMountChecks.IsIdMapped(mount, options) || inside.HasUserNamespace && Kernel.EffectiveUid == 0);
    }

    /// <summary>The descriptor of the detached tree of a mount.</summary>
    public int Of(int index) => trees.TryGetValue(index, out Descriptor? tree) ? tree.Number : -1;

    /// <summary>Adds a step for each of them.</summary>
    public void Add(ContainerPlan plan)
    {
        for (int i = 0; i < inside.Spec.Mounts.Count; i++)
        {
            if (!Opens(i)) continue;
            int index = i;
            Mount mount = inside.Spec.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options);
            string source = OciMountSteps.SourceOf(inside, mount);
            bool mapped = OciMountChecks.IsIdMapped(mount, options);
            plan.Add(new HostStep
            {
                Title = mapped ? $"Open {source} with mapped ids" : $"Open {source}",
                Why = mapped ? "a detached copy of the mount, which shows other owners; only the owner of the file system may do that, so it is done outside"
                    : "a detached copy of the mount, opened by the runtime: the container's root may not be able to look there",
                Field = $"/mounts/{i}/source",
                Do = () => trees.Add(index, Open(mount, options, source)),
                Undo = () =>
                {
                    if (trees.Remove(index, out Descriptor? tree)) tree.Dispose();
                },
                Calls = () => [$"open_tree(AT_FDCWD, {Strace.Quote(source)}, {CallFlags.Of(Flags(options))})"],
                Hint = error => error switch
                {
                    Errno.ENOENT => $"there is no {source} on this machine",
                    Errno.EINVAL when mapped => $"the file system of {source} cannot map owners on this kernel: 'littlebox doctor' tells which ones can",
                    Errno.EPERM when mapped => "only the owner of a file system may map its ids: the runtime must be root of the machine",
                    _ => null,
                },
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Descriptor tree in trees.Values) tree.Dispose();
        trees.Clear();
    }

    private static OpenTreeFlags Flags(MountOptions options) => OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec | (options.BindRecursive ? OpenTreeFlags.Recursive : OpenTreeFlags.None);

    private Descriptor Open(Mount mount, MountOptions options, string source)
    {
        Descriptor tree = Kernel.OpenTree(Strace.CurrentDirectory, source, Flags(options));
        try
        {
            if (!OciMountChecks.IsIdMapped(mount, options)) return tree;
            if (mount.UidMappings.Count == 0 && inside.Namespace(LinuxNamespaceType.User) is { Path: not null })
            {
                Map(tree, descriptorOf(LinuxNamespaceType.User), options);
                return tree;
            }
            using Descriptor user = MakeNamespace(mount.UidMappings.Count > 0 ? mount.UidMappings : inside.Spec.Linux.UidMappings, mount.GidMappings.Count > 0 ? mount.GidMappings : inside.Spec.Linux.GidMappings);
            Map(tree, user.Number, options);
            return tree;
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static void Map(Descriptor tree, int user, MountOptions options) =>
        Kernel.MountSetAttr(tree.Number, "", options.IdMap == true, new MountAttributesArgument { Set = (ulong)MountAttributes.IdMapped, UserNamespace = (ulong)user });

    // A user namespace for its mappings alone: nobody lives in it, and it stays as long as the mount does.
    private static Descriptor MakeNamespace(IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids)
    {
        var program = new BootBuilder();
        program.Report(MessageKind.Ready);
        program.Exit(0);
        using BootChild child = BootChild.Start(program, NamespaceFlags.User, []);
        try
        {
            child.Receive(out _, out _);
            IdMapWriter.Write(child.Pid, OciIdMaps.Of(uids, gids));
            return Kernel.OpenAt2(Strace.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{child.Pid}/ns/user"), OpenFlags.ReadOnly);
        }
        finally
        {
            Kernel.TryKill(child.Pid, Signal.Kill);
            Kernel.TryWait(child.Pid, out _);
        }
    }
}
