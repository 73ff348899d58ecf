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

    /// <summary>The store of the user who runs this process.</summary>
    public static StateStore ForThisUser()
    {
        if (Kernel.EffectiveUid == 0) return new StateStore("/run/littlebox");
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return new StateStore(string.IsNullOrEmpty(runtime) || !runtime.StartsWith('/') ? $"/tmp/littlebox-{Kernel.EffectiveUid}" : runtime + "/littlebox");
    }

    /// <summary>Opens the directory of the containers, and makes it where it is missing.</summary>
    /// <exception cref="LittleboxException">It belongs to somebody else, or others may write to it (CVE-2021-41089).</exception>
    public Descriptor OpenContainers()
    {
        Descriptor directory = DirectoryTree.OpenOrMake(Containers, Private);
        FileStatus status = Kernel.Statx(directory.Number);
        if (status.Uid == Kernel.EffectiveUid && (status.Mode & 0x3f) == 0) return directory;
        directory.Dispose();
        throw new LittleboxException(ErrorKind.SafetyViolation, $"{Containers} belongs to uid {status.Uid} and has mode 0{Convert.ToString(status.Mode & 0xfff, 8)}; "
            + $"it must be this user's own with mode 0700: remove it, or set XDG_RUNTIME_DIR");
    }

    /// <summary>Opens the directory of the containers, or returns <c>null</c> where there has never been one.</summary>
    public Descriptor? TryOpenContainers()
    {
        int descriptor = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, Containers, OpenFlags.ReadOnly | OpenFlags.Directory);
        return descriptor < 0 ? null : new Descriptor(descriptor);
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
        SmallFile.TryReadText($"{name}/state.json", directory: containers) is { } text ? ContainerRecord.Parse(System.Text.Encoding.UTF8.GetBytes(text)) : null;
}
