using System.Text;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.CGroups;

/// <summary>
/// A cgroup of the kernel. Everything in it is opened by descriptor, beneath it, without links and without crossing mounts; and it has been
/// checked to be on a cgroup file system: a write to a file of the same name elsewhere would be a limit that does not limit.
/// </summary>
public sealed class CGroupNode : ICGroupNode
{
    private const ResolveFlags Inside = ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoCrossMounts;
    private const long LegacyFileSystem = 0x27e0eb, UnifiedFileSystem = 0x63677270; // CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC

    private readonly Descriptor directory;

    private CGroupNode(string path, Descriptor directory)
    {
        Path = path;
        this.directory = directory;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public int Descriptor => directory.Number;

    /// <summary>Opens the root of a hierarchy.</summary>
    /// <exception cref="LittleboxException">It is not a cgroup file system of that version.</exception>
    public static CGroupNode OpenRoot(CGroupHierarchy hierarchy) =>
        TryOpenAbsolute(hierarchy.MountPoint, hierarchy.IsUnified, out Errno error)
        ?? throw new LittleboxException(ErrorKind.NotSupported, $"{hierarchy.MountPoint} cannot be used as the cgroup hierarchy of {(hierarchy.IsUnified ? "version 2" : string.Join(',', hierarchy.Controllers))}: {error.Describe()}");

    /// <summary>Opens a cgroup by the absolute path that a record holds.</summary>
    /// <param name="path">The path; it may begin with links of the machine, such as /sys/fs/cgroup/cpu.</param>
    /// <param name="isUnified">Which version it is of.</param>
    /// <param name="error">ENOENT where it has gone, ENOTSUP where it is not on a cgroup file system of that version.</param>
    public static CGroupNode? TryOpenAbsolute(string path, bool isUnified, out Errno error)
    {
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory, ResolveFlags.NoMagicLinks);
        error = Kernel.ErrorOf(opened);
        if (opened < 0) return null;
        var descriptor = new Descriptor(opened);
        if (Kernel.FileSystemType(opened) == (isUnified ? UnifiedFileSystem : LegacyFileSystem)) return new CGroupNode(path, descriptor);
        descriptor.Dispose();
        error = Errno.EOPNOTSUPP;
        return null;
    }

    /// <inheritdoc/>
    public ICGroupNode? TryOpen(string path, out Errno error)
    {
        int opened = Kernel.TryOpenAt2(Descriptor, path, OpenFlags.ReadOnly | OpenFlags.Directory, Inside);
        error = Kernel.ErrorOf(opened);
        return opened < 0 ? null : new CGroupNode($"{Path}/{path}", new Descriptor(opened));
    }

    /// <inheritdoc/>
    public Errno TryMake(string name) => Kernel.ErrorOf(Kernel.TryMkdirAt(Descriptor, name, 0x1ed)); // 0755

    /// <inheritdoc/>
    public Errno TryRemove(string name) => Kernel.ErrorOf(Kernel.TryUnlinkAt(Descriptor, name, isDirectory: true));

    /// <inheritdoc/>
    public IReadOnlyList<string> Children()
    {
        // A description of its own: where reading has got to is not shared.
        int opened = Kernel.TryOpenAt2(Descriptor, ".", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0) return [];
        using var list = new Descriptor(opened);
        try
        {
            return [.. Kernel.ReadDirectory(opened).Where(static entry => entry.IsDirectory).Select(static entry => entry.Name)];
        }
        catch (SystemCallException)
        {
            return []; // removed meanwhile
        }
    }

    /// <inheritdoc/>
    public Errno TryWrite(string file, string value)
    {
        int opened = Kernel.TryOpenAt2(Descriptor, file, OpenFlags.WriteOnly, Inside);
        if (opened < 0) return Kernel.ErrorOf(opened);
        using var open = new Descriptor(opened);
        return Kernel.ErrorOf(Kernel.TryWrite(opened, Encoding.UTF8.GetBytes(value)));
    }

    /// <inheritdoc/>
    public Errno TryWrite(string file, IReadOnlyList<string> values, out int written)
    {
        written = 0;
        if (values.Count == 0) return Errno.None;
        int opened = Kernel.TryOpenAt2(Descriptor, file, OpenFlags.WriteOnly, Inside);
        if (opened < 0) return Kernel.ErrorOf(opened);
        using var open = new Descriptor(opened);
        for (; written < values.Count; written++)
        {
            Errno error = Kernel.ErrorOf(Kernel.TryWrite(opened, Encoding.UTF8.GetBytes(values[written])));
            if (error is not Errno.None) return error;
        }
        return Errno.None;
    }

    /// <inheritdoc/>
    public string? TryRead(string file)
    {
        int opened = Kernel.TryOpenAt2(Descriptor, file, OpenFlags.ReadOnly, Inside);
        if (opened < 0) return null;
        using var open = new Descriptor(opened);
        try
        {
            return SmallFile.Read(opened) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (SystemCallException)
        {
            return null; // ENODEV: removed meanwhile; EOPNOTSUPP: a threaded cgroup's processes
        }
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();
}
