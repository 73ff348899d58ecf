using System.Globalization;
using System.Runtime.CompilerServices;
using Littlebox.Linux.Text;

namespace Littlebox.Linux;

/// <summary>Small files, such as those of /proc and of our own state, read and written whole.</summary>
public static class SmallFile
{
    private static int replacements;

    /// <summary>Reads an open file to its end; <c>null</c> where it is larger than <paramref name="limit"/> bytes.</summary>
    [SkipLocalsInit]
    public static byte[]? Read(int descriptor, int limit = 1 << 20)
    {
        // Most files are small, and many are read: what is returned is allocated when its length is known.
        Span<byte> first = stackalloc byte[4096];
        Span<byte> buffer = first;
        int length = 0;
        while (true)
        {
            int read = Kernel.Read(descriptor, buffer[length..]);
            if (read == 0) return buffer[..length].ToArray();
            length += read;
            if (length > limit) return null;
            if (length < buffer.Length) continue;
            byte[] larger = new byte[buffer.Length * 4];
            buffer.CopyTo(larger);
            buffer = larger;
        }
    }

    /// <summary>Reads a file of this machine (not of a container's root) as text; <c>null</c> where it cannot be opened, has gone, or is too large.</summary>
    public static string? TryReadText(string path, int limit = 1 << 20, int directory = Strace.CurrentDirectory) => TryRead(path, limit, directory) is { } bytes ? SystemText.Decode(bytes) : null;

    /// <summary>The same, its bytes.</summary>
    public static byte[]? TryRead(string path, int limit = 1 << 20, int directory = Strace.CurrentDirectory)
    {
        int descriptor = Kernel.TryOpenAt2(directory, path, OpenFlags.ReadOnly);
        if (descriptor < 0) return null;
        using var file = new Descriptor(descriptor);
        try
        {
            return Read(descriptor, limit);
        }
        catch (SystemCallException)
        {
            return null; // a process of /proc that has ended meanwhile: ESRCH
        }
    }

    /// <summary>Reads a file of this machine that is shorter than a buffer into it; for files that are read by the hundred.</summary>
    /// <returns>How many bytes it has, or -1 where it cannot be opened, has gone, or is no shorter.</returns>
    public static int TryRead(string path, Span<byte> buffer)
    {
        int descriptor = Kernel.TryOpenAt2(Strace.CurrentDirectory, path, OpenFlags.ReadOnly);
        if (descriptor < 0) return -1;
        using var file = new Descriptor(descriptor);
        int length = 0, read;
        do
        {
            read = Kernel.TryRead(descriptor, buffer[length..]);
            length += Math.Max(read, 0);
        }
        while (read > 0 && length < buffer.Length);
        return read == 0 && length < buffer.Length ? length : -1;
    }

    /// <summary>Writes a file in a directory so that a reader sees the old content or the new, never a part: a temporary name, then a rename. Where it fails, nothing is left of it.</summary>
    /// <remarks>Threads: any, also for the same name; the last one wins.</remarks>
    /// <param name="directory">The directory.</param>
    /// <param name="name">The file's name in it.</param>
    /// <param name="content">All of the new content.</param>
    /// <param name="mode">Mode of the file.</param>
    /// <param name="durable">Wait until it is on the disk (what lasts over a reboot), or not (what dies with a boot).</param>
    public static void Replace(int directory, string name, ReadOnlySpan<byte> content, int mode = 0x180, bool durable = false)
    {
        // Not interpolated: that sets up a pool of buffers, which is a part of a start that can be seen.
        string temporary = string.Concat("." + name, ".", Kernel.ProcessId.ToString(CultureInfo.InvariantCulture), "." + Interlocked.Increment(ref replacements).ToString(CultureInfo.InvariantCulture));
        try
        {
            using (Descriptor file = OpenNew(directory, temporary, mode))
            {
                Kernel.Write(file.Number, content);
                if (durable) Kernel.Fsync(file.Number);
            }
            Kernel.RenameAt2(directory, temporary, directory, name);
        }
        catch (SystemCallException)
        {
            Kernel.TryUnlinkAt(directory, temporary);
            throw;
        }
        if (durable) Kernel.Fsync(directory);
    }

    // The name is this call's own. Where it exists nevertheless, it was left by a process that died with the same id.
    private static Descriptor OpenNew(int directory, string name, int mode)
    {
        OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        int number = Kernel.TryOpenAt2(directory, name, flags, mode: mode);
        if (number >= 0) return new Descriptor(number);
        if (Kernel.ErrorOf(number) is Errno.EEXIST) Kernel.TryUnlinkAt(directory, name);
        return Kernel.OpenAt2(directory, name, flags, mode: mode);
    }
}
