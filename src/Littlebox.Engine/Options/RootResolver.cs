using Littlebox.Images;
using Littlebox.Linux;
using Littlebox.Runtime.Request;

namespace Littlebox.Engine.Options;

/// <summary>Finds out what ROOT is, and makes it ready: unpacks an archive, or the embedded default root.</summary>
/// <param name="images">Where unpacked roots are kept.</param>
/// <param name="progress">Told how many bytes of an archive are done, and how many there are.</param>
/// <param name="touchNothing">Only say where the root would be; the plan then says that it is to be made.</param>
public sealed class RootResolver(RootStore images, Action<long, long>? progress = null, bool touchNothing = false)
{
    private const string Forms = "default, host, a directory or an archive (a path that begins with / or .)";

    /// <summary>Resolves ROOT.</summary>
    /// <param name="word">What the user wrote.</param>
    /// <param name="inUserNamespace">The container is built by an ordinary user, in a user namespace.</param>
    /// <exception cref="LittleboxException">It is missing, or neither a directory nor an archive.</exception>
    public RootSource Resolve(string word, bool inUserNamespace)
    {
        Texts.NoControl("ROOT", word);
        switch (word)
        {
            case "default":
                return touchNothing ? Located(images.LocateDefault(), word, "Make the default root") : new RootSource(images.PrepareDefault(), Overlay: true, word);
            case "host": return HostRoot.Of(inUserNamespace);
            case "": throw Texts.Refuse("ROOT", word, "it is empty", Forms);
        }
        if (!word.StartsWith('/') && !word.StartsWith('.'))
            throw Texts.Refuse("ROOT", word, $"names of images are not known yet; write ./{word} for a directory or an archive of that name", Forms);
        string path = Texts.HostPath(word);
        int found = Kernel.TryStatx(Linux.Text.Strace.CurrentDirectory, path, follow: true, out FileStatus status);
        if (found < 0)
            throw Texts.Refuse("ROOT", word, $"{path}: {Kernel.ErrorOf(found).Describe().ToLowerInvariant()}", Forms);
        if (status.IsDirectory)
        {
            using Descriptor directory = Kernel.OpenAt2(Linux.Text.Strace.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory);
            if (Kernel.ReadDirectory(directory.Number).Count == 0)
                throw Texts.Refuse("ROOT", word, $"{path} is an empty directory; a root holds at least the command to run", Forms);
            return new RootSource(path, Overlay: false, word);
        }
        if (status.Type != FileTypes.Regular) throw Texts.Refuse("ROOT", word, $"{path} is neither a directory nor an archive", Forms);
        return touchNothing ? Located(images.Locate(path), word, $"Unpack {path}") : new RootSource(Unpacked(path, word), Overlay: true, word);
    }

    // The room of images knows archives, not options: which of them was wrong is said here.
    private string Unpacked(string path, string word)
    {
        try
        {
            return images.Prepare(path, progress);
        }
        catch (LittleboxException failure) when (!failure.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new LittleboxException(failure.Kind, $"ROOT={word}: {failure.Message}", [.. failure.Details]);
        }
    }

    private static RootSource Located((string Path, bool Ready) found, string word, string making) =>
        new(found.Path, Overlay: true, word) { Making = found.Ready ? null : making };
}
