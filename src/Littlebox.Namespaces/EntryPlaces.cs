using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Root and working directory that are opened on this side, before anything is entered.</summary>
internal sealed class EntryPlaces : IDisposable
{
    private EntryPlaces(Descriptor? root, Descriptor? workingDirectory)
    {
        Root = root;
        WorkingDirectory = workingDirectory;
    }

    /// <summary>The root to change to, or <c>null</c>.</summary>
    public Descriptor? Root { get; }

    /// <summary>The working directory to change to, or <c>null</c>.</summary>
    public Descriptor? WorkingDirectory { get; }

    /// <summary>The descriptors that the child needs.</summary>
    public IEnumerable<int> Numbers => new[] { Root, WorkingDirectory }.OfType<Descriptor>().Select(place => place.Number);

    /// <summary>Opens what the request asks for.</summary>
    /// <exception cref="LittleboxException">It is not there, may not be opened, or is asked of something that is no process.</exception>
    public static EntryPlaces Open(OpenNamespaces target, EntryRequest request, NamespaceFlags kinds)
    {
        if (target.Pid is null && (request.FollowRoot || request.FollowWorkingDirectory))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"{target.Label} is no process, so it has neither root nor working directory to follow; give a directory: --root=DIR, --wd=DIR");
        bool followRoot = request.FollowRoot || (request.Root is null && target.Pid is not null && kinds.HasFlag(NamespaceFlags.Mount));
        Descriptor? root = request.Root is { } path ? OpenDirectory(path) : followRoot ? OpenDirectory($"/proc/{target.Pid}/root") : null;
        return new EntryPlaces(root, request.FollowWorkingDirectory ? OpenDirectory($"/proc/{target.Pid}/cwd") : null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Root?.Dispose();
        WorkingDirectory?.Dispose();
    }

    private static Descriptor OpenDirectory(string path)
    {
        try
        {
            return Kernel.OpenAt2(Strace.CurrentDirectory, path, OpenFlags.PathOnly | OpenFlags.Directory);
        }
        catch (SystemCallException error)
        {
            throw new LittleboxException(ErrorKind.InvalidArgument, $"{path} cannot be used as a directory: {error.Error.Describe()}", error);
        }
    }
}
