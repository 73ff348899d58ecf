using Littlebox.Linux.Text;

namespace Littlebox.Linux;

/// <summary>
/// A file whose path the user has chosen for us to write: a pid file, a trace. Where there is none, or a regular one, it is made anew and whole; what is
/// something else (<c>/dev/stderr</c>, <c>/dev/null</c>, a fifo) is written to, and never replaced or removed.
/// </summary>
public static class NamedFile
{
    /// <summary>Writes it.</summary>
    /// <param name="path">Its path; links are followed where they lead to something other than a regular file.</param>
    /// <param name="content">All of its content.</param>
    /// <param name="mode">Mode of a file that is made.</param>
    /// <returns>True where it is a regular file, which may be removed later.</returns>
    /// <exception cref="SystemCallException">It cannot be written.</exception>
    public static bool Write(string path, ReadOnlySpan<byte> content, int mode = 0x1a4)
    {
        if (!IsOwn(path))
        {
            using Descriptor opened = Kernel.OpenAt2(Strace.CurrentDirectory, path, OpenFlags.WriteOnly);
            Kernel.Write(opened.Number, content);
            return false;
        }
        int slash = path.LastIndexOf('/');
        using Descriptor parent = Kernel.OpenAt2(Strace.CurrentDirectory, slash < 0 ? "." : slash == 0 ? "/" : path[..slash], OpenFlags.PathOnly | OpenFlags.Directory);
        SmallFile.Replace(parent.Number, path[(slash + 1)..], content, mode);
        return true;
    }

    /// <summary>True where the path leads to nothing, or to a regular file or a directory: what <see cref="Write"/> would replace, or fail with.</summary>
    public static bool IsOwn(string path) =>
        Kernel.TryStatx(Strace.CurrentDirectory, path, follow: true, out FileStatus status) < 0 || status.Type == FileTypes.Regular || status.IsDirectory;
}
