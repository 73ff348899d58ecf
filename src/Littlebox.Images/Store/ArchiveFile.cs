using System.Globalization;
using System.Text;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Images.Store;

/// <summary>An archive on this machine, opened once: what is hashed for its key and what is unpacked are the same file, also when its name is exchanged meanwhile.</summary>
internal sealed class ArchiveFile : IDisposable
{
    // A part of the key, to be counted up when the unpacker makes another tree of the same archive.
    private const string UnpackerVersion = "1";

    private readonly Descriptor file;
    private readonly FileStatus status;
    private readonly string realPath;

    private ArchiveFile(Descriptor file, FileStatus status, string realPath) => (this.file, this.status, this.realPath) = (file, status, realPath);

    public int Number => file.Number;

    public long Size => (long)status.Size;

    /// <summary>Opens an archive; links are followed, since the name is the user's own.</summary>
    public static ArchiveFile Open(string path)
    {
        // O_NONBLOCK: a pipe in the place of the archive must not make us wait for a writer.
        int result = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal);
        if (result < 0) throw CannotOpen(path, Kernel.ErrorOf(result));
        var opened = new Descriptor(result);
        try
        {
            FileStatus found = Kernel.Statx(opened.Number);
            if (found.Type != FileTypes.Regular)
                throw new LittleboxException(ErrorKind.InvalidArgument, $"{Strace.Quote(path)} is {(found.IsDirectory ? "a directory" : "not a regular file")}, so there is no archive to unpack");
            return new ArchiveFile(opened, found, Kernel.TryReadLink($"/proc/self/fd/{opened.Number}") ?? path);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What stands for this archive: SHA-256 over real path, device, inode, size, and times of its content and its inode. Reading all of a large archive at
    /// each start would cost seconds; a change of the content changes at least the inode's time, which nobody can set.
    /// </summary>
    public string Key()
    {
        string identity = string.Create(CultureInfo.InvariantCulture, $"{UnpackerVersion}\0{realPath}\0{status.OnDeviceMajor}:{status.OnDeviceMinor}\0{status.Inode}\0{status.Size}\0" +
            $"{status.ModifyTime.Seconds}.{status.ModifyTime.Nanoseconds:d9}\0{status.ChangeTime.Seconds}.{status.ChangeTime.Nanoseconds:d9}");
        return Convert.ToHexStringLower(Sha256.Of(Encoding.UTF8.GetBytes(identity)));
    }

    /// <summary>Throws where the archive was written to since it was opened: the tree would be of two archives.</summary>
    public void CheckUnchanged()
    {
        FileStatus now = Kernel.Statx(file.Number);
        if (now.Size != status.Size || (now.ModifyTime.Seconds, now.ModifyTime.Nanoseconds) != (status.ModifyTime.Seconds, status.ModifyTime.Nanoseconds))
            throw new LittleboxException(ErrorKind.InvalidArgument, $"{Strace.Quote(realPath)} was changed while it was unpacked: wait until it is whole, and try again");
    }

    public void Dispose() => file.Dispose();

    private static LittleboxException CannotOpen(string path, Errno error) => new(
        error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG ? ErrorKind.InvalidArgument : ErrorKind.SystemError,
        error switch
        {
            Errno.ENOENT or Errno.ENOTDIR => $"there is no archive {Strace.Quote(path)}: look for a typing error",
            Errno.EACCES => $"the archive {Strace.Quote(path)} may not be read by this user",
            _ => $"the archive {Strace.Quote(path)} cannot be opened: {error.Describe()}",
        },
        new SystemCallException($"openat2(AT_FDCWD, {Strace.Quote(path)}, {{flags=O_RDONLY|O_NOCTTY|O_NONBLOCK|O_CLOEXEC, mode=00, resolve=0}}, 24)", error));
}
