using Littlebox.Images.Compression;
using Littlebox.Images.Store;
using Littlebox.Images.Unpack;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Images;

/// <summary>
/// Unpacked roots, each under a key of what it was made from: <c>BASE/roots/KEY/</c>. A tree here is never written to again: it is the read-only lower
/// layer of the overlay of each container that uses it.
/// </summary>
/// <remarks>
/// A tree is made as <c>.part-KEY</c>, whose directory its maker holds locked (flock(2)), synced and then renamed: whoever sees KEY sees all of it. A maker
/// that died holds no lock, and the next call removes what it left. Two calls for the same tree do the work once, the second waits.
/// <c>roots</c> has mode 0700, since roots hold set-user-id programs and files of other users (CVE-2021-41091). Threads: any; processes: any number.
/// </remarks>
public sealed class RootStore
{
    private const string PartPrefix = ".part-";
    private const int ForOwnerOnly = 0x1c0;

    private readonly string roots;

    /// <summary>Names a store; nothing is made before it is needed.</summary>
    /// <param name="baseDirectory">An absolute directory: <c>/var/lib/littlebox</c> for root, <c>$XDG_DATA_HOME/littlebox</c> for others. It is made where it is missing.</param>
    public RootStore(string baseDirectory)
    {
        if (!baseDirectory.StartsWith('/')) throw new LittleboxException(ErrorKind.InvalidArgument, $"the store's directory {Strace.Quote(baseDirectory)} must be absolute");
        roots = baseDirectory.TrimEnd('/') + "/roots";
    }

    /// <summary>Limits for archives.</summary>
    public UnpackOptions Options { get; init; } = new();

    /// <summary>Called by <see cref="Prepare"/>, behind the work, when an archive was unpacked and not found unpacked: tells what was left out.</summary>
    public Action<UnpackResult>? Unpacked { get; init; }

    /// <summary>Unpacks an archive, unless it has been already.</summary>
    /// <param name="archivePath">The archive: <see cref="Decompression.SupportedForms"/>, told by its content. The same file unchanged gives the same tree.</param>
    /// <param name="progress">Called with the bytes of the file read so far and its size, by the calling thread, for each part that is read.</param>
    /// <param name="cancellation">Stops the work, or the waiting for another process; what was unpacked is removed.</param>
    /// <returns>The absolute path of the tree.</returns>
    /// <exception cref="LittleboxException">No such archive, malformed, hostile, no space; the part is removed.</exception>
    public string Prepare(string archivePath, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        using ArchiveFile archive = ArchiveFile.Open(archivePath);
        UnpackResult? result = null;
        string path = FindOrMake(archive.Key(), part => result = Unpack(archive, part, progress, cancellation), cancellation);
        if (result is not null) Unpacked?.Invoke(result);
        return path;
    }

    /// <summary>Makes the root that is built into this program, unless it is there already; one openat2(2) where it is.</summary>
    /// <returns>The absolute path of the tree.</returns>
    public string PrepareDefault()
    {
        (string path, bool ready) = LocateDefault();
        return ready ? path : FindOrMake(DefaultRootKey.Value, DefaultRoot.Make, CancellationToken.None);
    }

    /// <summary>Removes what callers that died have left half made. Without a store, and where this user may not look, nothing happens.</summary>
    public void Tidy()
    {
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, roots, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (opened < 0) return;
        using var directory = new Descriptor(opened);
        // Somebody else's is not ours to tidy.
        FileStatus status = Kernel.Statx(opened);
        if (status.Uid != Kernel.EffectiveUid || (status.Mode & 0x3f) != 0) return;
        RemoveLeftovers(directory, except: "");
    }

    /// <summary>Where an archive's tree is or would be, and whether it is there; makes nothing.</summary>
    /// <exception cref="LittleboxException">There is no such archive.</exception>
    public (string Path, bool Ready) Locate(string archivePath)
    {
        using ArchiveFile archive = ArchiveFile.Open(archivePath);
        return LocateKey(archive.Key());
    }

    /// <summary>Where the built-in root is or would be, and whether it is there; makes nothing.</summary>
    public (string Path, bool Ready) LocateDefault() => LocateKey(DefaultRootKey.Value);

    private (string Path, bool Ready) LocateKey(string key)
    {
        string path = $"{roots}/{key}";
        int found = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (found >= 0) Kernel.Close(found);
        return (path, found >= 0);
    }

    private UnpackResult Unpack(ArchiveFile archive, int part, Action<long, long>? progress, CancellationToken cancellation)
    {
        using var source = new DescriptorStream(archive.Number, progress is null ? null : done => progress(done, archive.Size));
        using Stream tar = Decompression.Open(source);
        UnpackResult result = RootUnpacker.Unpack(tar, part, Options, cancellation);
        archive.CheckUnchanged();
        return result;
    }

    private string FindOrMake(string key, Action<int> fill, CancellationToken cancellation)
    {
        using Descriptor directory = OpenRoots();
        if (Exists(directory, key)) return $"{roots}/{key}";
        string part = PartPrefix + key;
        RemoveLeftovers(directory, except: part);
        while (true)
        {
            using Descriptor? locked = TryLockPart(directory, part, cancellation);
            // Whoever held the lock before has finished it, or has removed what it had.
            if (Exists(directory, key))
            {
                if (locked is not null) Leftover.Remove(directory.Number, part);
                return $"{roots}/{key}";
            }
            if (locked is null) continue;
            if (KernelBytes.ReadNames(locked.Number).Count > 0)
            {
                Leftover.Remove(directory.Number, part);
                continue;
            }
            Fill(directory, part, key, locked, fill);
            return $"{roots}/{key}";
        }
    }

    private static void Fill(Descriptor directory, string part, string key, Descriptor locked, Action<int> fill)
    {
        bool finished = false;
        try
        {
            fill(locked.Number);
            // Data before the name: after a loss of power there is the whole tree, or none.
            Kernel.SyncFs(locked.Number);
            Kernel.RenameAt2(directory.Number, part, directory.Number, key, noReplace: true);
            Kernel.Fsync(directory.Number);
            finished = true;
        }
        catch (SystemCallException error) when (error.Error is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw new LittleboxException(ErrorKind.SystemError, "no space is left on the disk for the root: make room, or choose a place with more of it", error);
        }
        finally
        {
            if (!finished && !Exists(directory, key)) Leftover.Remove(directory.Number, part);
        }
    }

    // The part's directory, locked; null where it was renamed or removed between its opening and the lock.
    private static Descriptor? TryLockPart(Descriptor directory, string part, CancellationToken cancellation)
    {
        int made = Kernel.TryMkdirAt(directory.Number, part, ForOwnerOnly);
        if (made < 0 && Kernel.ErrorOf(made) != Errno.EEXIST) Kernel.MkdirAt(directory.Number, part, ForOwnerOnly);
        int opened = Kernel.TryOpenAt2(directory.Number, part, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (Kernel.ErrorOf(opened) is Errno.ENOENT) return null;
        Descriptor candidate = opened >= 0 ? new Descriptor(opened) : OpenClosed(directory, part);
        try
        {
            Wait(candidate, cancellation);
            if (IsStill(directory, part, candidate)) return candidate;
        }
        catch
        {
            candidate.Dispose();
            throw;
        }
        candidate.Dispose();
        return null;
    }

    // An ordinary user's maker may have died when it had already given the tree its own mode, 0000 for instance.
    private static Descriptor OpenClosed(Descriptor directory, string part)
    {
        using (Descriptor place = Kernel.OpenAt2(directory.Number, part, OpenFlags.PathOnly | OpenFlags.Directory | OpenFlags.NoFollow))
            Kernel.FchmodAt(Strace.CurrentDirectory, $"/proc/self/fd/{place.Number}", ForOwnerOnly);
        return Kernel.OpenAt2(directory.Number, part, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
    }

    private static void Wait(Descriptor candidate, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
        {
            int result;
            do result = Kernel.TryFlock(candidate.Number, LockOperation.Exclusive);
            while (Kernel.ErrorOf(result) is Errno.EINTR);
            if (result < 0) Kernel.Flock(candidate.Number, LockOperation.Exclusive);
            return;
        }
        // A blocking flock(2) cannot be called off by a token, so the lock is tried again and again, and the token waited for between.
        while (Kernel.ErrorOf(Kernel.TryFlock(candidate.Number, LockOperation.Exclusive | LockOperation.NonBlocking)) is Errno.EAGAIN or Errno.EINTR)
        {
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static void RemoveLeftovers(Descriptor directory, string except)
    {
        using Descriptor listing = Kernel.OpenAt2(directory.Number, ".", OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(listing.Number))
        {
            if (!entry.Name.StartsWith(PartPrefix, StringComparison.Ordinal) || entry.Name == except) continue;
            int opened = Kernel.TryOpenAt2(directory.Number, entry.Name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
            if (opened < 0) continue;
            using var candidate = new Descriptor(opened);
            if (Kernel.TryFlock(candidate.Number, LockOperation.Exclusive | LockOperation.NonBlocking) < 0) continue;
            if (IsStill(directory, entry.Name, candidate)) Leftover.Remove(directory.Number, entry.Name);
        }
    }

    private static bool IsStill(Descriptor directory, string name, Descriptor opened) =>
        Kernel.TryStatx(directory.Number, name, follow: false, out FileStatus status) >= 0 && status.Identity == Kernel.Statx(opened.Number).Identity;

    private static bool Exists(Descriptor directory, string key) => Kernel.TryStatx(directory.Number, key, follow: false, out FileStatus status) >= 0 && status.IsDirectory;

    private Descriptor OpenRoots()
    {
        Descriptor directory;
        try
        {
            directory = DirectoryTree.OpenOrMake(roots, ForOwnerOnly);
        }
        catch (SystemCallException error)
        {
            throw new LittleboxException(ErrorKind.SystemError, $"the store {Strace.Quote(roots)} cannot be opened or made: {error.Error.Describe()}", error);
        }
        FileStatus status = Kernel.Statx(directory.Number);
        if (status.Uid == Kernel.EffectiveUid && (status.Mode & 0x3f) == 0) return directory;
        directory.Dispose();
        throw new LittleboxException(ErrorKind.SafetyViolation,
            $"the store {Strace.Quote(roots)} {(status.Uid == Kernel.EffectiveUid ? $"is open to others (mode 0{Convert.ToString(status.Mode & 0xfff, 8)}): chmod 700 it" : $"belongs to user {status.Uid}, not to you")}");
    }
}
