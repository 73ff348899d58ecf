using System.Globalization;
using Littlebox.Linux;
using Littlebox.Linux.Text;

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
            if (NamespaceKinds.TryParseLink(target, out NamespaceId id) || IsPinnedFile(directory, entry.Name, target, out id))
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

    /// <summary>
    /// A namespace that was opened by the path of a bind mount shows that path as its link. Its inode number tells: fdinfo has it (Linux 5.14), and
    /// reading that asks nothing of a file system which could keep us waiting. Numbers of namespaces are handed out downwards of 2^32 (linux/proc_ns.h).
    /// </summary>
    private static bool IsPinnedFile(int directory, string number, string? target, out NamespaceId id)
    {
        const ulong FirstInode = 0xefff_ff00;
        id = default;
        if (target is null || !target.StartsWith('/') || SmallFile.TryReadText($"fdinfo/{number}", 4096, directory) is not { } text) return false;
        int at = text.IndexOf("\nino:\t", StringComparison.Ordinal);
        if (at < 0) return false;
        ReadOnlySpan<char> digits = text.AsSpan(at + 6);
        int end = digits.IndexOf('\n');
        if (!ulong.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode) || inode is < FirstInode or > uint.MaxValue) return false;
        int place = Kernel.TryOpenAt2(directory, $"fd/{number}", OpenFlags.PathOnly);
        if (place < 0) return false;
        using var held = new Descriptor(place);
        if (!NamespaceFile.IsOnNsfs(place)) return false;
        using Descriptor? file = NamespaceFile.TryOpenLink(Strace.CurrentDirectory, $"/proc/self/fd/{place}");
        if (file is null || NamespaceFile.IdOf(file.Number) is not { } found) return false;
        id = found;
        return true;
    }

    private NamespaceId? HomeOf(int pidfd, int number)
    {
        int copy = Kernel.TryPidfdGetFd(pidfd, number);
        if (copy < 0) return null;
        using var socket = new Descriptor(copy);
        return Follow(Kernel.TryOpenSocketNamespace(copy));
    }
}
