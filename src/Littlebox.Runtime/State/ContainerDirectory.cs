using Littlebox.Linux;

namespace Littlebox.Runtime.State;

/// <summary>The directory of one container, taken: its name is ours until <see cref="Release"/> or until this process ends. For one thread.</summary>
public sealed class ContainerDirectory
{
    private readonly Descriptor directory;
    private readonly string name;
    private readonly StateStore store;

    private ContainerDirectory(StateStore store, string name, Descriptor directory)
    {
        this.store = store;
        this.name = name;
        this.directory = directory;
    }

    /// <summary>Absolute path of the directory.</summary>
    public string Path => $"{store.Containers}/{name}";

    /// <summary>Takes a name.</summary>
    /// <exception cref="NameInUseException">A container of that name runs.</exception>
    public static ContainerDirectory Take(StateStore store, string name)
    {
        using Descriptor containers = store.OpenContainers();
        // Shared: others may take names meanwhile, but nobody tidies up between our mkdir and our lock.
        Kernel.Flock(containers.Number, LockOperation.Shared);
        for (int tries = 0; ; tries++)
        {
            int made = Kernel.TryMkdirAt(containers.Number, name, 0x1c0);
            if (Kernel.ErrorOf(made) is Errno.EEXIST)
            {
                // It may be left over by a littlebox that was killed; then it goes, and the name is free.
                if (tries < 3 && Tidy.Remove(store, containers.Number, name)) continue;
                throw InUse(containers.Number, name);
            }
            if (made < 0) Kernel.MkdirAt(containers.Number, name, 0x1c0);
            Descriptor taken = Kernel.OpenAt2(containers.Number, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
            if (Kernel.TryFlock(taken.Number, LockOperation.Exclusive | LockOperation.NonBlocking) >= 0) return new ContainerDirectory(store, name, taken);
            taken.Dispose();
            throw InUse(containers.Number, name);
        }
    }

    /// <summary>Writes the record.</summary>
    public void Write(ContainerRecord record) => SmallFile.Replace(directory.Number, "state.json", record.ToJson());

    /// <summary>Removes the directory; the name is free.</summary>
    public void Release()
    {
        using Descriptor? containers = store.TryOpenContainers();
        if (containers is not null)
        {
            // The usual case first: one file, then the directory.
            Kernel.TryUnlinkAt(directory.Number, "state.json");
            if (Kernel.TryUnlinkAt(containers.Number, name, isDirectory: true) < 0) DirectoryTree.Remove(containers.Number, name);
        }
        directory.Dispose();
    }

    private static NameInUseException InUse(int containers, string name)
    {
        ContainerRecord? other = StateStore.Read(containers, name);
        return new NameInUseException($"--name={name}: the name is in use by a running container{(other is null ? "" : $" (PID {other.Pid}, {string.Join(' ', other.Command)})")}; choose another, or end that one");
    }
}
