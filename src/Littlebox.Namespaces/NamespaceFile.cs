using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Open files of namespaces.</summary>
internal static class NamespaceFile
{
    private const long NsfsMagic = 0x6e736673; // linux/magic.h

    /// <summary>The namespace behind a descriptor, <c>null</c> where it is no namespace's file.</summary>
    public static NamespaceId? IdOf(int descriptor)
    {
        int kind = Kernel.TryGetNamespaceType(descriptor);
        if (kind < 0 || Kernel.TryStatx(descriptor, "", follow: false, out FileStatus status) < 0) return null;
        return new NamespaceId((NamespaceFlags)(uint)kind, status.Inode);
    }

    /// <summary>Opens a magic link of /proc (ns/net, fd/7), <c>null</c> where that fails: no permission, or the process has ended.</summary>
    public static Descriptor? TryOpenLink(int directory, string path)
    {
        int result = Kernel.TryOpenAt2(directory, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        return result < 0 ? null : new Descriptor(result);
    }

    /// <summary>
    /// Opens the namespace that is mounted at a path beneath a root which may be a container's. No link is followed, nothing is asked of a file
    /// system that could keep us waiting (RESOLVE_CACHED: the way to a mount point is always in the cache), and only a nsfs file is really opened,
    /// not a device or a pipe that has been put there meanwhile.
    /// </summary>
    public static Descriptor? TryOpenMounted(int root, string path)
    {
        const ResolveFlags Careful = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks | ResolveFlags.NoSymlinks | ResolveFlags.Cached;
        int place = Kernel.TryOpenAt2(root, path.TrimStart('/'), OpenFlags.PathOnly | OpenFlags.NoFollow, Careful);
        if (place < 0) return null;
        using var held = new Descriptor(place);
        return IsOnNsfs(place) ? TryOpenLink(Strace.CurrentDirectory, $"/proc/self/fd/{place}") : null;
    }

    /// <summary>True when the descriptor's file lies on nsfs; O_PATH descriptors will do.</summary>
    public static bool IsOnNsfs(int descriptor) => Kernel.FileSystemType(descriptor) == NsfsMagic;
}
