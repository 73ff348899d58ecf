using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Runtime.State;

/// <summary>Puts away what a littlebox that was killed has left behind. Every command begins with it.</summary>
public static class Tidy
{
    /// <summary>Looks at all containers of the store; those whose littlebox has died are ended and removed.</summary>
    public static void All(StateStore store)
    {
        using Descriptor? containers = store.TryOpenContainers();
        if (containers is null) return;
        foreach (DirectoryEntry entry in Kernel.ReadDirectory(containers.Number)) Remove(store, containers.Number, entry.Name);
        MadePlaces.Tidy(store);
    }

    /// <summary>Removes a container if its littlebox has died. Returns true when the name is free now.</summary>
    internal static bool Remove(StateStore store, int containers, string name)
    {
        int opened = Kernel.TryOpenAt2(containers, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (opened < 0) return Kernel.ErrorOf(opened) is Errno.ENOENT;
        using var directory = new Descriptor(opened);
        if (Kernel.TryFlock(opened, LockOperation.Exclusive | LockOperation.NonBlocking) < 0) return false;
        // We hold its lock. It may still be one that is just being made, between its mkdir and its lock: who makes one holds the store's lock, shared.
        int storeDescriptor = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, store.Containers, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (storeDescriptor < 0) return false;
        using var guard = new Descriptor(storeDescriptor);
        ContainerRecord? record = StateStore.Read(containers, name);
        if (record is null && Kernel.TryFlock(storeDescriptor, LockOperation.Exclusive | LockOperation.NonBlocking) < 0) return false;
        if (record is not null)
        {
            End(record);
            RemovePidFile(record);
        }
        DirectoryTree.Remove(containers, name);
        return true;
    }

    /// <summary>Ends what is left of a container: its first process, and where it shares the host's pids, all processes in its mount namespace.</summary>
    public static void End(ContainerRecord record)
    {
        KillThatProcess(record.Pid, record.StartedAtBootTime);
        if (record.SharesPids) KillAllIn(record.MountNamespace);
    }

    /// <summary>Kills every process in a mount namespace, until none is left.</summary>
    /// <param name="mountNamespace">Inode of the namespace; 0 does nothing.</param>
    public static void KillAllIn(ulong mountNamespace)
    {
        if (mountNamespace == 0) return;
        string link = string.Create(CultureInfo.InvariantCulture, $"mnt:[{mountNamespace}]");
        // A process may fork while we look: again until a look finds none. Bounded, for one in uninterruptible sleep does not die at once.
        for (int round = 0; round < 100; round++)
        {
            bool found = false;
            using (Descriptor proc = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, "/proc", OpenFlags.ReadOnly | OpenFlags.Directory))
            {
                foreach (DirectoryEntry entry in Kernel.ReadDirectory(proc.Number))
                {
                    if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || Kernel.TryReadLink($"/proc/{pid}/ns/mnt") != link) continue;
                    found = true;
                    Kernel.TryKill(pid, Signal.Kill);
                }
            }
            if (!found) return;
            Kernel.Poll([], 1);
        }
    }

    // Only where it still names that process: another container may have written it since.
    private static void RemovePidFile(ContainerRecord record)
    {
        if (record.PidFile is { } path && SmallFile.TryReadText(path) == string.Create(CultureInfo.InvariantCulture, $"{record.Pid}\n"))
            Kernel.TryUnlinkAt(Linux.Text.Strace.CurrentDirectory, path);
    }

    private static void KillThatProcess(int pid, long bootTime)
    {
        int pidfd = Kernel.TryPidfdOpen(pid);
        if (pidfd < 0) return;
        using var process = new Descriptor(pidfd);
        // The pidfd holds whoever has that number now; only then look who it is.
        if (!ProcessIdentity.IsThatProcess(pid, bootTime)) return;
        Kernel.TryPidfdSendSignal(pidfd, Signal.Kill);
        Kernel.Poll([new PollDescriptor { Descriptor = pidfd, Events = PollEvents.Readable }], 2000);
    }
}
