using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Namespaces;

/// <summary>Open descriptors: files of namespaces, and sockets that live elsewhere than their process.</summary>
internal sealed partial class Surveyor
{
    /// <summary>Where each socket lives, asked once: many processes may have it.</summary>
    private readonly Dictionary<string, NamespaceId?> sockets = [];

    private void WalkDescriptors(int pid, int tid, string name, int directory, NamespaceId network, ref bool hidden)
    {
        int opened = Kernel.TryOpenAt2(directory, "fd", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened < 0)
        {
            hidden |= Kernel.ErrorOf(opened) is Errno.EACCES or Errno.EPERM;
            return;
        }
        using var table = new Descriptor(opened);
        Descriptor? pidfd = null;
        bool self = pid == Kernel.ProcessId;
        foreach (DirectoryEntry entry in ReadDirectoryOrNothing(opened))
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) continue;
            if (Kernel.ErrorOf(Kernel.TryReadLinkAt(opened, entry.Name, out string? target)) is Errno.EACCES or Errno.EPERM)
            {
                hidden = true;
                break;
            }
            if (NamespaceKinds.TryParseLink(target, out NamespaceId id))
            {
                if (self && lonely.Values.Any(mine => mine.Number == number)) continue; // the survey's own
                Hold(id, new DescriptorHolder(pid, tid, number, name));
                ExploreLink(id, opened, entry.Name);
            }
            else if (scope.Sockets && pid == tid && target?.StartsWith("socket:", StringComparison.Ordinal) is true)
            {
                if (!sockets.TryGetValue(target, out NamespaceId? home))
                {
                    int process = pidfd?.Number ?? Kernel.TryPidfdOpen(pid);
                    if (process < 0) continue;
                    pidfd ??= new Descriptor(process);
                    sockets[target] = home = HomeOf(process, number);
                }
                if (home is { } space && space != network) Hold(space, new SocketHolder(pid, number, name));
            }
        }
        pidfd?.Dispose();
    }

    private NamespaceId? HomeOf(int pidfd, int number)
    {
        int copy = Kernel.TryPidfdGetFd(pidfd, number);
        if (copy < 0) return null;
        using var socket = new Descriptor(copy);
        return Follow(Kernel.TryOpenSocketNamespace(copy));
    }
}
