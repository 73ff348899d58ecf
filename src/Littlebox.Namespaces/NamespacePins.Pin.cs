using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Making pins.</summary>
public sealed partial class NamespacePins
{
    private const int OwnMode = 0x1c0, NetworkMode = 0x1ed; // 0700; 0755, as iproute2 makes it

    /// <summary>Pins namespaces: all of them, or none where one fails.</summary>
    /// <param name="target">Where they come from.</param>
    /// <param name="wanted">The kinds, each with its name.</param>
    /// <returns>What has been pinned.</returns>
    /// <exception cref="LittleboxException">The target has no namespace of a kind; a name is in use or none; no permission.</exception>
    public IReadOnlyList<NamespacePin> Pin(OpenNamespaces target, IReadOnlyList<(NamespaceFlags Kind, string Name)> wanted)
    {
        foreach ((NamespaceFlags kind, string name) in wanted)
        {
            NamespaceName.Check(name);
            if (target[kind] is not { } id) throw new LittleboxException(ErrorKind.InvalidArgument, $"{target.Label} has no {NamespaceKinds.NameOf(kind)} namespace to pin");
            if (kind is NamespaceFlags.Mount && NamespaceKinds.TryParseLink(Kernel.TryReadLink("/proc/thread-self/ns/mnt"), out NamespaceId own) && own == id)
                throw new LittleboxException(ErrorKind.NotSupported, $"{id} is the mount namespace that the pin would lie in, and a mount namespace cannot hold itself; pin it from outside");
            Occupied(kind, name);
        }
        var done = new List<NamespacePin>();
        using Descriptor guard = Lock();
        try
        {
            foreach ((NamespaceFlags kind, string name) in wanted) done.Add(PinOne(target, kind, name));
        }
        catch
        {
            foreach (NamespacePin pin in done) Remove(pin);
            foreach ((NamespaceFlags _, string name) in wanted) RemoveEmpty(name);
            throw;
        }
        return done;
    }

    private NamespacePin PinOne(OpenNamespaces target, NamespaceFlags kind, string name)
    {
        bool network = kind is NamespaceFlags.Network;
        if (network) PrepareNetwork();
        using Descriptor own = DirectoryTree.OpenOrMake($"{Places.Own}/{name}", OwnMode);
        using Descriptor? shared = network ? Kernel.OpenAt2(Strace.CurrentDirectory, Places.Network, OpenFlags.ReadOnly | OpenFlags.Directory) : null;
        (int directory, string file) = network ? (shared!.Number, name) : (own.Number, NamespaceKinds.NameOf(kind));
        string path = Places.PathOf(kind, name);
        try
        {
            // Exclusive: whoever makes the file owns the name. No rights on it: it is only there to be mounted on.
            Kernel.OpenAt2(directory, file, OpenFlags.ReadOnly | OpenFlags.Create | OpenFlags.Exclusive).Dispose();
        }
        catch (SystemCallException error) when (error.Error is Errno.EEXIST)
        {
            throw InUse(kind, name);
        }
        try
        {
            using Descriptor mount = Kernel.OpenTree(target.Number(kind), "", OpenTreeFlags.EmptyPath | OpenTreeFlags.Clone);
            Kernel.MoveMount(mount.Number, "", directory, file, MoveMountFlags.FromEmptyPath);
            if (network) MarkAsOurs(own.Number, path);
        }
        catch (SystemCallException error)
        {
            Kernel.TryUnmount(path, UnmountFlags.Detach | UnmountFlags.NoFollow);
            Kernel.TryUnlinkAt(directory, file);
            throw Explain(error, target[kind]!.Value);
        }
        return new NamespacePin(name, kind, path, target[kind], IsOurs: true);
    }

    private static void MarkAsOurs(int own, string path)
    {
        Kernel.TryUnlinkAt(own, "net"); // of a namespace that 'ip netns del' has removed
        Kernel.SymlinkAt(path, own, "net");
    }

    /// <summary>Makes the directories and takes the lock, which lasts until the descriptor is closed.</summary>
    private Descriptor Lock()
    {
        Descriptor? guard = null;
        try
        {
            // The lock belongs to the directory itself, which is the same below the bind mount on it and above.
            guard = DirectoryTree.OpenOrMake(Places.Own, OwnMode);
            Kernel.Flock(guard.Number, LockOperation.Exclusive);
            PreparePrivate();
            return guard;
        }
        catch (SystemCallException error)
        {
            guard?.Dispose();
            throw Explain(error, null);
        }
    }

    // A mount namespace's file can be mounted only where the mount does not propagate: a copy of the mount could come to lie inside itself.
    private void PreparePrivate()
    {
        MountLine? mount = MountOn(Places.Own);
        if (mount is null) Kernel.Mount(Places.Own, Places.Own, null, MountFlags.Bind);
        if (mount is null or { IsShared: true }) Kernel.Mount(null, Places.Own, null, MountFlags.Private);
    }

    // As ip-netns(8) does, so that a namespace which is added later reaches the mount namespaces made before.
    private void PrepareNetwork()
    {
        try
        {
            using Descriptor directory = DirectoryTree.OpenOrMake(Places.Network, NetworkMode);
            Kernel.Flock(directory.Number, LockOperation.Exclusive);
            if (MountOn(Places.Network) is null) Kernel.Mount(Places.Network, Places.Network, null, MountFlags.Bind | MountFlags.Recursive);
            Kernel.Mount(null, Places.Network, null, MountFlags.Shared | MountFlags.Recursive);
        }
        catch (SystemCallException error)
        {
            throw Explain(error, null);
        }
    }

    private static MountLine? MountOn(string path)
    {
        // By its id: another mount, over a directory above, may hide one that the table has at the same path.
        if (Kernel.TryStatx(Strace.CurrentDirectory, path, follow: false, out FileStatus status) < 0) return null;
        string table = SmallFile.TryReadText("/proc/thread-self/mountinfo", 256 << 20) ?? "";
        foreach (MountLine line in MountTable.Parse(table))
        {
            if (line.Id == (long)status.MountId && line.Path == path) return line;
        }
        return null;
    }

    private void Occupied(NamespaceFlags kind, string name)
    {
        if (Kernel.TryStatx(Strace.CurrentDirectory, Places.PathOf(kind, name), follow: false, out _) >= 0) throw InUse(kind, name);
    }

    private LittleboxException InUse(NamespaceFlags kind, string name)
    {
        NamespacePin there = Look(name, kind, isOurs: true);
        string remedy = $"choose another name, or 'littlebox ns unpin {name} --{OptionOf(kind)}'";
        return there.Id is { } id
            ? new LittleboxException(ErrorKind.InvalidArgument, $"the name {name} is in use: {id} is pinned at {there.Path}; {remedy}")
            : new LittleboxException(ErrorKind.InvalidArgument, $"the name {name} is in use: a file without a namespace lies at {there.Path}; 'littlebox ns gc' removes it where it was left behind");
    }

    /// <summary>The name of a kind's option: as unshare(1) and nsenter(1) have it.</summary>
    public static string OptionOf(NamespaceFlags kind) => kind is NamespaceFlags.Mount ? "mount" : NamespaceKinds.NameOf(kind);

    private static LittleboxException Explain(SystemCallException error, NamespaceId? id) => error.Error switch
    {
        Errno.EPERM or Errno.EACCES => new LittleboxException(ErrorKind.NotSupported,
            "a namespace is kept by a bind mount, and mounting needs CAP_SYS_ADMIN in this mount namespace; try again as root (sudo)", error),
        Errno.EINVAL or Errno.ELOOP when id?.Kind is NamespaceFlags.Mount => new LittleboxException(ErrorKind.NotSupported,
            // Linux 6.18 compares numbers that each processor hands out from a stock of its own, so that a younger one may be refused as well.
            $"{id} is older than the mount namespace that the pin would lie in, or this kernel takes it for older, and allows no such circle; "
            + "pin it from the machine's first mount namespace (nsenter --target 1 --mount)", error),
        Errno.EINVAL or Errno.ELOOP => new LittleboxException(ErrorKind.SystemError, $"{id?.ToString() ?? "the directory of pins"} cannot be mounted there", error),
        _ => new LittleboxException(ErrorKind.SystemError, $"pinning failed: {error.Error.Describe()}", error),
    };
}
