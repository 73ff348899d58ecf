using Littlebox.Linux;

namespace Littlebox.Runtime.State;

/// <summary>
/// The containers of one user: a directory each below <c>/run/littlebox/containers</c> (root) or <c>$XDG_RUNTIME_DIR/littlebox/containers</c>. A
/// littlebox that waits for a container holds a lock (flock) on its directory; the kernel lets go of it when that littlebox ends, however it ends,
/// so a directory without a lock is a container whose littlebox has died. Threads: any.
/// </summary>
public sealed class StateStore
{
    private const int Private = 0x1c0; // 0700

    /// <summary>The store below a directory of the caller's choice; for tests.</summary>
    public StateStore(string directory) => Directory = directory;

    /// <summary>Absolute path of the store's directory.</summary>
    public string Directory { get; }

    /// <summary>Absolute path of the directory that has one directory for each container.</summary>
    public string Containers => Directory + "/containers";

    /// <summary>Absolute path of the directory that has a file for each directory in which containers have made places, see <see cref="MadePlaces"/>.</summary>
    public string Places => Directory + "/places";

    /// <summary>The store of the user who runs this process.</summary>
    public static StateStore ForThisUser()
    {
        if (Kernel.EffectiveUid == 0) return new StateStore("/run/littlebox");
        string? runtime = Linux.Text.ProcessText.Variable("XDG_RUNTIME_DIR");
        return new StateStore(string.IsNullOrEmpty(runtime) || !runtime.StartsWith('/') ? $"/tmp/littlebox-{Kernel.EffectiveUid}" : runtime + "/littlebox");
    }

    /// <summary>Opens the directory of the containers, and makes it where it is missing.</summary>
    /// <exception cref="LittleboxException">It belongs to somebody else, or others may write to it (CVE-2021-41089).</exception>
    public Descriptor OpenContainers()
    {
        if (TryOpenContainers() is { } there) return there;
        DirectoryTree.OpenOrMake(Containers, Private).Dispose();
        return TryOpenContainers() ?? throw new LittleboxException(ErrorKind.SystemError, $"{Containers} has gone while it was opened: try again");
    }

    /// <summary>Opens the directory of the containers, or returns <c>null</c> where there has never been one.</summary>
    /// <exception cref="LittleboxException">It, or the directory it is in, is a link, belongs to somebody else, or others may write to it: what lies there is not ours to tidy.</exception>
    public Descriptor? TryOpenContainers()
    {
        using Descriptor? store = TryOpenOwn(Linux.Text.Strace.CurrentDirectory, Directory, Directory, 0x12);
        return store is null ? null : TryOpenOwn(store.Number, "containers", Containers, 0x3f);
    }

    // Root's store is always at the same place.
    private static string OrElsewhere => Kernel.EffectiveUid == 0 ? "" : ", or set XDG_RUNTIME_DIR";

    private static Descriptor? TryOpenOwn(int parent, string name, string path, int forbidden)
    {
        int number = Kernel.TryOpenAt2(parent, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (Kernel.ErrorOf(number) is Errno.ENOTDIR or Errno.ELOOP)
            throw new LittleboxException(ErrorKind.SafetyViolation, $"{path} is a link, or no directory; somebody else may have put it there: remove it{OrElsewhere}");
        if (number < 0) return null;
        var directory = new Descriptor(number);
        FileStatus status = Kernel.Statx(number);
        if (status.Uid == Kernel.EffectiveUid && (status.Mode & forbidden) == 0) return directory;
        directory.Dispose();
        throw new LittleboxException(ErrorKind.SafetyViolation, $"{path} belongs to uid {status.Uid} and has mode 0{Convert.ToString(status.Mode & 0xfff, 8)}; "
            + $"it must be this user's own, and nobody else's to write to: remove it{OrElsewhere}");
    }

    /// <summary>The running containers: those whose record is there and whose first process lives.</summary>
    public IReadOnlyList<ContainerRecord> Running()
    {
        using Descriptor? containers = TryOpenContainers();
        if (containers is null) return [];
        var running = new List<ContainerRecord>();
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(containers.Number))
        {
            if (Read(containers.Number, entry.Name) is { } record && ProcessIdentity.IsThatProcess(record.Pid, record.StartedAtBootTime)) running.Add(record);
        }
        running.Sort(static (one, other) => one.Started.CompareTo(other.Started));
        return running;
    }

    /// <summary>A running container by its name, or <c>null</c>.</summary>
    public ContainerRecord? Find(string name)
    {
        if (!ContainerName.IsValid(name)) return null;
        using Descriptor? containers = TryOpenContainers();
        return containers is not null && Read(containers.Number, name) is { } record && ProcessIdentity.IsThatProcess(record.Pid, record.StartedAtBootTime) ? record : null;
    }

    internal static ContainerRecord? Read(int containers, string name) =>
        SmallFile.TryReadText($"{name}/state.json", directory: containers) is { } text ? ContainerRecord.Parse(Linux.Text.SystemText.Bytes(text)) : null;
}
