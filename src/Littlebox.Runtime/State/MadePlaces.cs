using System.Globalization;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.State;

/// <summary>
/// The places that containers make in a directory of the user's (its proc, its etc/hosts, …) to mount something there, and that go again with the last
/// container of that directory. For one thread.
/// </summary>
/// <remarks>
/// Each container holds a shared lock (flock) on the directory, and whoever ends and gets it alone removes what was made: removing the place of a mount
/// takes the mount away in every other mount namespace. What will be made is written down before, in a file of the store for each directory, so that after
/// a kill the next command knows it. A place in which something lies is not removed, nor a file with something in it. A mount namespace that is kept without a
/// process (<c>ns pin</c>) needs the places of its mounts as well: <see cref="Keep"/> writes down where it is kept, and until nothing is mounted there any more
/// nothing is removed.
/// </remarks>
public sealed class MadePlaces
{
    // Neither a place nor a directory's path begins with it.
    private const char KeptBy = '/';

    private const long NsfsMagic = 0x6e736673; // linux/magic.h

    private const ResolveFlags Inside = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;

    private readonly Descriptor root;
    private readonly string record;

    private MadePlaces(Descriptor root, string record)
    {
        this.root = root;
        this.record = record;
    }

    /// <summary>Takes part in the use of a directory, and writes down which of <paramref name="places"/> are missing in it.</summary>
    /// <param name="store">Where it is written down.</param>
    /// <param name="directory">Absolute path of the directory.</param>
    /// <param name="places">Paths inside it, absolute and without <c>..</c>.</param>
    /// <returns><c>null</c> where the directory's file system has no locks: then what is made stays.</returns>
    public static MadePlaces? Watch(StateStore store, string directory, IEnumerable<string> places)
    {
        Descriptor shared = Kernel.OpenAt2(Strace.CurrentDirectory, directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (!TryShare(shared.Number))
        {
            shared.Dispose();
            return null;
        }
        List<string> missing = [];
        foreach (string place in places) AddMissing(shared.Number, place.Trim('/'), missing);
        string name = NameOf(shared.Number);
        if (missing.Count > 0) Append(store, name, $"{directory}\0{string.Join('\0', missing)}\0");
        return new MadePlaces(shared, $"{store.Places}/{name}");
    }

    /// <summary>What has been made in a directory stays as long as a namespace is mounted at a path.</summary>
    /// <param name="store">Where it is written down.</param>
    /// <param name="root">The directory, the root of a process; where nothing has been made in it, nothing happens.</param>
    /// <param name="path">Absolute path of the mount, which may come later.</param>
    public static void Keep(StateStore store, int root, string path)
    {
        string name = NameOf(root);
        if (Kernel.TryStatx(Strace.CurrentDirectory, $"{store.Places}/{name}", follow: false, out _) >= 0) Append(store, name, $"{KeptBy}{path}\0");
    }

    /// <summary>The container has ended: where it was the last one of its directory, what was made goes.</summary>
    public void Release()
    {
        using Descriptor closing = root;
        int listed = Kernel.TryOpenAt2(Strace.CurrentDirectory, record, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (listed < 0) return;
        using var file = new Descriptor(listed);
        if (!TryTake(root.Number)) return;
        string[] lines = ReadRecord(listed);
        if (IsKept(lines)) return;
        Remove(root.Number, lines);
        Kernel.TryUnlinkAt(Strace.CurrentDirectory, record);
    }

    /// <summary>Removes what containers have made whose littlebox was killed.</summary>
    public static void Tidy(StateStore store)
    {
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, store.Places, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (opened < 0) return;
        using var directory = new Descriptor(opened);
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(opened)) TidyOne(opened, entry.Name);
    }

    private static void TidyOne(int directory, string name)
    {
        int listed = Kernel.TryOpenAt2(directory, name, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (listed < 0) return;
        using var file = new Descriptor(listed);
        string[] lines = ReadRecord(listed);
        int opened = lines.Length == 0 ? -1 : Kernel.TryOpenAt2(Strace.CurrentDirectory, lines[0], OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened >= 0)
        {
            using var left = new Descriptor(opened);
            // Another directory may have its name by now.
            if (NameOf(opened) == name)
            {
                if (!TryTake(opened)) return;
                lines = ReadRecord(listed);
                if (IsKept(lines)) return;
                Remove(opened, lines);
            }
        }
        Kernel.TryUnlinkAt(directory, name);
    }

    // Whoever has it alone is about to remove something, and is done in a moment. A lock of somebody else's does not hold us up for long: then nothing is removed.
    private static bool TryShare(int root)
    {
        for (int tries = 0; tries < 200; tries++)
        {
            int taken = Kernel.TryFlock(root, LockOperation.Shared | LockOperation.NonBlocking);
            if (taken >= 0) return true;
            if (Kernel.ErrorOf(taken) is not Errno.EAGAIN) return false;
            Kernel.Poll([], 1);
        }
        return false;
    }

    private static bool IsKept(string[] lines) => Array.Exists(lines, static line =>
    {
        if (!line.StartsWith("//", StringComparison.Ordinal)) return false;
        int opened = Kernel.TryOpenAt2(Strace.CurrentDirectory, line[1..], OpenFlags.PathOnly | OpenFlags.NoFollow);
        if (opened < 0) return false;
        using var place = new Descriptor(opened);
        return Kernel.FileSystemType(opened) == NsfsMagic;
    });

    private static bool TryTake(int root) => Kernel.TryFlock(root, LockOperation.Exclusive | LockOperation.NonBlocking) >= 0;

    private static void AddMissing(int root, string place, List<string> missing)
    {
        if (place.Length == 0 || Exists(root, place)) return;
        for (int end = place.IndexOf('/'); end > 0; end = place.IndexOf('/', end + 1))
        {
            string above = place[..end];
            if (!missing.Contains(above) && !Exists(root, above)) missing.Add(above);
        }
        if (!missing.Contains(place)) missing.Add(place);
    }

    private static bool Exists(int root, string place)
    {
        int found = Kernel.TryOpenAt2(root, place, OpenFlags.PathOnly, Inside);
        if (found < 0) return Kernel.ErrorOf(found) is not Errno.ENOENT;
        new Descriptor(found).Dispose();
        return true;
    }

    private static string NameOf(int root)
    {
        (ulong device, ulong inode) = Kernel.Statx(root).Identity;
        return string.Create(CultureInfo.InvariantCulture, $"{device:x}-{inode}");
    }

    private static void Append(StateStore store, string name, string text)
    {
        using Descriptor directory = DirectoryTree.OpenOrMake(store.Places);
        using Descriptor file = Kernel.OpenAt2(directory.Number, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append | OpenFlags.NoFollow, mode: 0x180);
        Kernel.Write(file.Number, SystemText.Bytes(text));
    }

    // Several containers have written one behind the other: the directory's path comes again, and is none of a place.
    private static string[] ReadRecord(int file)
    {
        Kernel.Lseek(file, 0);
        return SmallFile.Read(file) is { } bytes ? SystemText.Decode(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    private static void Remove(int root, string[] lines)
    {
        // What is deeper was written later.
        for (int i = lines.Length - 1; i > 0; i--)
        {
            if (lines[i].StartsWith('/')) continue;
            int slash = lines[i].LastIndexOf('/');
            int parent = Kernel.TryOpenAt2(root, slash < 0 ? "." : lines[i][..slash], OpenFlags.PathOnly | OpenFlags.Directory, Inside);
            if (parent < 0) continue;
            using var opened = new Descriptor(parent);
            string name = lines[i][(slash + 1)..];
            if (Kernel.TryStatx(parent, name, follow: false, out FileStatus status) < 0) continue;
            if (status.IsDirectory) Kernel.TryUnlinkAt(parent, name, isDirectory: true);
            else if (status.Type == FileTypes.Regular && status.Size == 0) Kernel.TryUnlinkAt(parent, name);
        }
    }
}
