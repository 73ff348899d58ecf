using System.Buffers;
using Littlebox.Images.Tar;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Images.Unpack;

/// <summary>
/// Unpacks a tar archive into an empty directory, and touches nothing outside of it, whatever the archive says: each name's parents are resolved anew by the
/// kernel beneath the directory's descriptor, without following a link (openat2, RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS).
/// </summary>
/// <remarks>
/// Set: type, mode with set-id bits, owners, extended attributes, times to the nanosecond, hard links, devices, pipes, holes. A name that comes twice
/// replaces the first, and is never written through. Refused (<see cref="ErrorKind.SafetyViolation"/>, the entry named): <c>..</c>, a path through a
/// link or a file, a hard link to what is not in the archive, a directory with something in it replaced by something else.
/// As an ordinary user set-id bits are kept and mean that user: the tree belongs beneath a directory that is open to nobody else.
/// Not set: attributes of overlayfs (<c>trusted.overlay.*</c>, <c>user.overlay.*</c>), with which an archive could make a lower layer show other files.
/// Threads: one at a time; nobody else may write to the directory meanwhile.
/// </remarks>
public sealed partial class RootUnpacker
{
    private const ResolveFlags Inside = ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoCrossMounts;
    private const int BufferSize = 1 << 17;

    private readonly int root;
    private readonly UnpackOptions options;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, PendingDirectory> directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> skipped = new(StringComparer.Ordinal);
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private long entries;
    private int skippedDevices, skippedAttributes;

    private RootUnpacker(int root, UnpackOptions options, CancellationToken cancellation)
    {
        this.root = root;
        this.options = options;
        this.cancellation = cancellation;
    }

    /// <summary>Unpacks an archive.</summary>
    /// <param name="archive">The archive, not compressed any more (<see cref="Compression.Decompression.Open"/>).</param>
    /// <param name="directory">A descriptor of an empty directory, open for reading (not O_PATH).</param>
    /// <param name="options">Limits, and what is set; <c>null</c> for the defaults.</param>
    /// <param name="cancellation">Looked at for each entry and each 128 KiB.</param>
    /// <exception cref="TarFormatException">The archive is malformed, or cut short.</exception>
    /// <exception cref="LittleboxException">An entry was refused, a limit reached, or a system call failed. What was unpacked before is still there.</exception>
    public static UnpackResult Unpack(Stream archive, int directory, UnpackOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new UnpackOptions();
        var unpacker = new RootUnpacker(directory, options, cancellation);
        try
        {
            var reader = new TarReader(archive, options.MaxBytes);
            // A root is entered by all users of the container, also where the archive does not mention it.
            unpacker.directories[""] = new PendingDirectory([], 0x1ed, null, null, []);
            while (reader.Next() is { } entry) unpacker.UnpackEntry(reader, entry);
            unpacker.FinishDirectories();
            return new UnpackResult
            {
                Entries = unpacker.entries,
                Bytes = reader.Offset,
                SkippedDevices = unpacker.skippedDevices,
                SkippedAttributes = unpacker.skippedAttributes,
                OwnersSet = options.AsRoot,
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unpacker.buffer);
        }
    }

    private void UnpackEntry(TarReader reader, TarEntry entry)
    {
        cancellation.ThrowIfCancellationRequested();
        CountEntry();
        EntryPath path = EntryPath.Parse(entry.Name.Span, entry);
        try
        {
            if (path.IsRoot)
            {
                if (entry.Type != TarEntryType.Directory) throw Refuse(entry, "stands for the root itself, and is not a directory");
                KeepDirectory(root, default, path, entry);
                return;
            }
            using var parent = OpenParent(path, entry);
            Make(parent.Number, path, entry, reader);
        }
        catch (SystemCallException error)
        {
            throw Failed(entry.DisplayName, error);
        }
    }

    private void Make(int parent, EntryPath path, TarEntry entry, TarReader reader)
    {
        skipped.Remove(path.Key);
        switch (entry.Type)
        {
            case TarEntryType.Directory: MakeDirectory(parent, path, entry); break;
            case TarEntryType.Regular: MakeFile(parent, path, entry, reader); break;
            case TarEntryType.HardLink: MakeHardLink(parent, path, entry); break;
            case TarEntryType.SymbolicLink: MakeSymbolicLink(parent, path, entry); break;
            default: MakeNode(parent, path, entry); break;
        }
    }

    // Parents that the archive does not mention are made, as GNU tar does.
    private Descriptor OpenParent(EntryPath path, TarEntry entry)
    {
        ReadOnlySpan<byte> whole = path.Parent.IsEmpty ? "."u8 : path.Parent;
        int result = KernelBytes.TryOpenAt2(root, whole, OpenFlags.PathOnly | OpenFlags.Directory, Inside);
        if (result >= 0) return new Descriptor(result);
        if (Kernel.ErrorOf(result) == Errno.ENOENT) return MakeParents(path.Parent, entry);
        throw NoParent(result, path.Parent, entry);
    }

    private Descriptor MakeParents(ReadOnlySpan<byte> parent, TarEntry entry)
    {
        Descriptor current = Kernel.OpenAt2(root, ".", OpenFlags.PathOnly | OpenFlags.Directory, Inside);
        for (int start = 0; start < parent.Length;)
        {
            using Descriptor above = current;
            int slash = parent[start..].IndexOf((byte)'/');
            int end = slash < 0 ? parent.Length : start + slash;
            ReadOnlySpan<byte> name = parent[start..end];
            int made = KernelBytes.TryMkdirAt(above.Number, name, 0x1c0);
            if (made >= 0)
            {
                CountEntry();
                byte[] path = parent[..end].ToArray();
                directories[System.Text.Encoding.Latin1.GetString(path)] = new PendingDirectory(path, 0x1ed, null, null, []);
            }
            else if (Kernel.ErrorOf(made) != Errno.EEXIST) KernelBytes.MkdirAt(above.Number, name, 0x1c0);
            int opened = KernelBytes.TryOpenAt2(above.Number, name, OpenFlags.PathOnly | OpenFlags.Directory, Inside);
            if (opened < 0) throw NoParent(opened, parent[..end], entry);
            current = new Descriptor(opened);
            start = end + 1;
        }
        return current;
    }

    // Takes away what an earlier entry made under this name: a file is never written through, a link never followed.
    private void Replace(int parent, EntryPath path, TarEntry entry)
    {
        int result = KernelBytes.TryUnlinkAt(parent, path.Name);
        if (Kernel.ErrorOf(result) is not Errno.EISDIR)
        {
            if (result < 0) KernelBytes.UnlinkAt(parent, path.Name);
            return;
        }
        result = KernelBytes.TryUnlinkAt(parent, path.Name, isDirectory: true);
        if (Kernel.ErrorOf(result) is Errno.ENOTEMPTY or Errno.EEXIST) throw Refuse(entry, "would take the place of a directory that has something in it");
        if (result < 0) KernelBytes.UnlinkAt(parent, path.Name, isDirectory: true);
        directories.Remove(path.Key);
    }

    private void CountEntry()
    {
        if (++entries > options.MaxEntries)
            throw new LittleboxException(ErrorKind.InvalidArgument, $"the archive has more than {options.MaxEntries} entries, which is the limit");
    }

    private static LittleboxException NoParent(int result, ReadOnlySpan<byte> parent, TarEntry entry) => Kernel.ErrorOf(result) switch
    {
        Errno.ELOOP => Refuse(entry, $"lies beneath {Strace.Quote(parent)}, and a symbolic link of the same archive is on the way"),
        Errno.ENOTDIR => Refuse(entry, $"lies beneath {Strace.Quote(parent)}, and something that is not a directory is on the way"),
        Errno error => Failed(entry.DisplayName, new SystemCallException($"openat2(…, {Strace.Quote(parent)}, {{flags=O_PATH|O_DIRECTORY, resolve={CallFlags.Of(Inside)}}}, 24)", error)),
    };

    private static LittleboxException Refuse(TarEntry entry, string why) => new(ErrorKind.SafetyViolation, $"{entry.DisplayName} of the archive {why}; it was not unpacked");

    private static LittleboxException Failed(string name, SystemCallException error) => new(ErrorKind.SystemError, error.Error switch
    {
        Errno.ENOSPC => $"no space is left on the disk for {name}: make room, or choose a place with more of it",
        Errno.EDQUOT => $"the disk quota of this user does not suffice for {name}",
        Errno.EINVAL when error.Call.StartsWith("fchown", StringComparison.Ordinal) => $"{name} belongs to a user or group that is not mapped into this user namespace",
        Errno.ENAMETOOLONG => $"the file system does not take a name as long as {name}",
        _ => $"{name} could not be unpacked: {error.Error.Describe()}",
    }, error);
}
