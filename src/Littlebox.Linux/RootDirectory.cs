namespace Littlebox.Linux;

/// <summary>
/// A directory that is treated as a root: every path given to it is resolved by the kernel beneath it (openat2 with RESOLVE_IN_ROOT), so that
/// absolute links, <c>..</c> and renames that race with us cannot lead outside (docs/decisions/0003-paths.md).
/// </summary>
/// <remarks>Paths are of the root's inside: <c>/etc/passwd</c> and <c>etc/passwd</c> are the same. Threads: any.</remarks>
public sealed class RootDirectory : IDisposable
{
    private const ResolveFlags Inside = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;

    private readonly Descriptor directory;

    private RootDirectory(Descriptor directory) => this.directory = directory;

    /// <summary>The O_PATH descriptor of the root.</summary>
    public int Number => directory.Number;

    /// <summary>Opens a directory of this process's own file system as a root.</summary>
    /// <param name="path">Absolute, or relative to the current directory; links in it are followed, since it is the user's own.</param>
    public static RootDirectory Open(string path) =>
        new(Kernel.OpenAt2(Text.Strace.CurrentDirectory, path, OpenFlags.PathOnly | OpenFlags.Directory));

    /// <summary>Takes ownership of a directory descriptor.</summary>
    public static RootDirectory Adopt(Descriptor directory) => new(directory);

    /// <summary>Opens a path inside the root.</summary>
    public Descriptor OpenFile(string path, OpenFlags flags, int mode = 0) => Kernel.OpenAt2(Number, Relative(path), flags, Inside, mode);

    /// <summary><see cref="OpenFile"/>, which returns <c>null</c> and the error where it fails.</summary>
    public Descriptor? TryOpenFile(string path, OpenFlags flags, out Errno error)
    {
        int result = Kernel.TryOpenAt2(Number, Relative(path), flags, Inside);
        error = Kernel.ErrorOf(result);
        return result < 0 ? null : new Descriptor(result);
    }

    /// <summary>Reads a small file whole.</summary>
    /// <param name="path">A path inside the root.</param>
    /// <param name="limit">The largest size in bytes that is read; a root is not trusted to be small.</param>
    /// <returns>Its bytes, or <c>null</c> where there is no such regular file.</returns>
    /// <exception cref="InvalidDataException">The file is larger than <paramref name="limit"/>.</exception>
    public byte[]? ReadSmallFile(string path, int limit = 1 << 20)
    {
        // O_NONBLOCK: a FIFO in the place of the file must not make us wait for a writer.
        using Descriptor? file = TryOpenFile(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking, out _);
        if (file is null || Kernel.Statx(file.Number).Type != FileTypes.Regular) return null;
        return SmallFile.Read(file.Number, limit) ?? throw new InvalidDataException($"{path} in the root is larger than {limit} bytes");
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();

    private static string Relative(string path)
    {
        string relative = path.TrimStart('/');
        return relative.Length == 0 ? "." : relative;
    }
}
