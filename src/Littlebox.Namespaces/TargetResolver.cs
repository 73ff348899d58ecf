using System.Globalization;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>
/// Finds the namespaces that a word means: a container, a pid, <c>host</c>, <c>self</c>, a pin, a path, <c>net:[4026531840]</c> or an inode number.
/// A word with a prefix (<c>container:</c>, <c>pin:</c>, <c>ns:</c>) means only that.
/// </summary>
/// <param name="containers">Knows the names of containers.</param>
/// <param name="pins">Where the pins are.</param>
public sealed class TargetResolver(IContainerLookup containers, NamespacePins pins)
{
    private const int LargestPid = 1 << 22; // PID_MAX_LIMIT, linux/threads.h; numbers of namespaces begin far above it

    /// <summary>Opens what the word means.</summary>
    /// <exception cref="LittleboxException">There is no such thing, or this process may not look at it.</exception>
    public OpenNamespaces Open(string word)
    {
        if (word.StartsWith("container:", StringComparison.Ordinal)) return OpenContainer(word[10..]) ?? throw Unknown(word, $"no container named {Strace.Quote(word[10..])} runs");
        if (word.StartsWith("pin:", StringComparison.Ordinal)) return pins.TryOpen(word[4..]) ?? throw Unknown(word, $"there is no pin named {Strace.Quote(word[4..])}");
        if (word.StartsWith("ns:", StringComparison.Ordinal)) return OpenPath(word[3..]);
        if (word.StartsWith('/') || word.StartsWith('.')) return OpenPath(word);
        if (word is "host") return OpenHost();
        if (word is "self") return OpenProcess(Kernel.ProcessId, "this process", null);
        if (NamespaceKinds.TryParseLink(word, out NamespaceId id)) return OpenFound(word, survey => survey.Find(id));
        if (ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            return number is > 0 and <= LargestPid ? OpenProcess((int)number, $"process {number}", $"pid-{number}") : OpenFound(word, survey => survey.Find(number));
        return OpenContainer(word) ?? pins.TryOpen(word)
            ?? throw Unknown(word, $"{Strace.Quote(word)} is no running container and no pinned namespace");
    }

    /// <summary>Opens a process's namespaces.</summary>
    /// <param name="pid">Its id here.</param>
    /// <param name="label">What it is, for people.</param>
    /// <param name="name">The name to pin under.</param>
    public static OpenNamespaces OpenProcess(int pid, string label, string? name)
    {
        int pidfd = Kernel.TryPidfdOpen(pid);
        // EINVAL: the number is that of a thread; its namespaces can still be opened one by one.
        if (Kernel.ErrorOf(pidfd) is not (Errno.None or Errno.EINVAL))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"there is no process {pid}; 'littlebox ps' lists containers, 'ps' processes");
        var opened = new OpenNamespaces(label) { Name = name, Pid = pid, Process = pidfd < 0 ? null : new Descriptor(pidfd) };
        try
        {
            foreach (NamespaceFlags kind in NamespaceKinds.All) OpenKind(opened, pid, kind);
            // The pidfd is a process that lives; so the files that have been opened meanwhile under its number are its own.
            if (pidfd >= 0 && Kernel.TryPidfdSendSignal(pidfd, 0) is var alive && Kernel.ErrorOf(alive) is Errno.ESRCH)
                throw new LittleboxException(ErrorKind.InvalidArgument, $"process {pid} has just ended");
            return opened;
        }
        catch (LittleboxException)
        {
            opened.Dispose();
            throw;
        }
    }

    private static void OpenKind(OpenNamespaces opened, int pid, NamespaceFlags kind)
    {
        string path = $"/proc/{pid}/ns/{NamespaceKinds.NameOf(kind)}";
        int file = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly);
        switch (Kernel.ErrorOf(file))
        {
            case Errno.None:
                opened.Adopt(new Descriptor(file));
                break;
            case Errno.ENOENT or Errno.ESRCH: // a zombie has left most of its namespaces; an old kernel has not all kinds
                break;
            case var error:
                throw new LittleboxException(ErrorKind.NotSupported,
                    $"process {pid} may not be looked into: it belongs to another user or has more rights than we have; try again as root",
                    new SystemCallException($"openat2(AT_FDCWD, {Strace.Quote(path)}, {{flags=O_RDONLY|O_CLOEXEC}}, 24)", error));
        }
    }

    private static OpenNamespaces OpenHost()
    {
        // Whoever may not look at PID 1 (ptrace(2), "access mode checking") usually is on the host himself.
        bool may = Kernel.ErrorOf(Kernel.TryReadLinkAt(Strace.CurrentDirectory, "/proc/1/ns/net", out _)) is Errno.None;
        OpenNamespaces host = OpenProcess(may ? 1 : Kernel.ProcessId, "host", null);
        if (!may) host.Note = "process 1 may not be looked into, so 'host' means where this littlebox itself is";
        return host;
    }

    private OpenNamespaces? OpenContainer(string name) => containers.FindPid(name) is { } pid ? OpenProcess(pid, $"container {name}", name) : null;

    /// <summary>Opens the namespace whose file is at a path, and nothing else that may be there.</summary>
    /// <exception cref="LittleboxException">It is not there, or no namespace.</exception>
    public static OpenNamespaces OpenPath(string path)
    {
        int place = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.PathOnly);
        if (place < 0)
        {
            throw new LittleboxException(ErrorKind.InvalidArgument, $"{path} cannot be opened: {Kernel.ErrorOf(place).Describe()}",
                new SystemCallException($"openat2(AT_FDCWD, {Strace.Quote(path)}, {{flags=O_PATH|O_CLOEXEC}}, 24)", Kernel.ErrorOf(place)));
        }
        using var held = new Descriptor(place);
        var opened = new OpenNamespaces(path);
        // Only a file of nsfs is really opened: a pipe would keep us waiting, a device could do anything.
        if (NamespaceFile.IsOnNsfs(place) && NamespaceFile.TryOpenLink(Strace.CurrentDirectory, $"/proc/self/fd/{place}") is { } file && opened.Adopt(file)) return opened;
        opened.Dispose();
        throw new LittleboxException(ErrorKind.InvalidArgument, $"{path} is not a namespace; such files are in /proc/PID/ns, or bind mounts of those (findmnt -t nsfs)");
    }

    private OpenNamespaces OpenFound(string word, Func<NamespaceSurvey, LiveNamespace?> find)
    {
        NamespaceSurvey survey = NamespaceSurvey.Take();
        LiveNamespace found = find(survey) ?? throw Unknown(word, $"no namespace {word} can be seen from here; 'littlebox ns ls' lists those that can");
        var opened = new OpenNamespaces(found.Id.ToString());
        if (NamespaceOpener.TryOpen(found, survey) is { } file && opened.Adopt(file)) return opened;
        opened.Dispose();
        throw new LittleboxException(ErrorKind.NotSupported, $"{found.Id} is there, but has gone or may not be opened from here");
    }

    private LittleboxException Unknown(string word, string sentence)
    {
        List<string> names = [.. containers.All.Select(container => container.Name), .. pins.Names()];
        return new LittleboxException(ErrorKind.InvalidArgument, sentence,
            names.Count == 0 || word.Contains('[') ? "a target is a container, a pid, host, self, a pin, a path, net:[INODE] or an inode number" : $"there are: {string.Join(", ", names.Distinct().Take(20))}");
    }
}
