using Littlebox.Images.Tar;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Images.Unpack;

/// <summary>A name of an archive made safe to resolve: relative, one slash between its parts, no <c>.</c> and no <c>..</c>.</summary>
internal readonly struct EntryPath
{
    private readonly byte[] path;
    private readonly int slash;

    private EntryPath(byte[] path)
    {
        this.path = path;
        slash = path.AsSpan().LastIndexOf((byte)'/');
    }

    /// <summary>All of it; empty for the root itself.</summary>
    public ReadOnlySpan<byte> Whole => path;

    /// <summary>All but the last part; empty for a name right in the root.</summary>
    public ReadOnlySpan<byte> Parent => slash < 0 ? default : path.AsSpan(0, slash);

    /// <summary>The last part.</summary>
    public ReadOnlySpan<byte> Name => path.AsSpan(slash + 1);

    /// <summary>The path as a key of a dictionary: a character for each byte.</summary>
    public string Key => System.Text.Encoding.Latin1.GetString(path);

    /// <summary>True for the root itself.</summary>
    public bool IsRoot => path.Length == 0;

    /// <summary>Reads a name of an archive. Slashes at the front are taken away, as GNU tar does.</summary>
    /// <param name="name">The name.</param>
    /// <param name="entry">The entry it belongs to, for the error.</param>
    /// <param name="isTarget">The name is where a hard link points.</param>
    /// <exception cref="LittleboxException"><see cref="ErrorKind.SafetyViolation"/>: it contains <c>..</c>, a NUL, or is longer than the kernel resolves.</exception>
    public static EntryPath Parse(ReadOnlySpan<byte> name, TarEntry entry, bool isTarget = false)
    {
        string of = isTarget ? $"{entry.DisplayName} of the archive is a hard link to {Strace.Quote(name)}, which" : $"{entry.DisplayName} of the archive";
        byte[] clean = new byte[name.Length];
        int length = 0;
        while (!name.IsEmpty)
        {
            int end = name.IndexOf((byte)'/');
            ReadOnlySpan<byte> part = end < 0 ? name : name[..end];
            name = end < 0 ? default : name[(end + 1)..];
            if (part.IsEmpty || part.SequenceEqual("."u8)) continue;
            if (part.SequenceEqual(".."u8)) throw Unsafe($"{of} leads upwards with ..; nothing outside the root is written");
            if (part.Contains((byte)0)) throw Unsafe($"{of} has a name with a NUL in it, which no file may");
            if (part.Length > 255) throw Unsafe($"{of} has a name of {part.Length} bytes in its path; the kernel takes 255");
            if (length > 0) clean[length++] = (byte)'/';
            part.CopyTo(clean.AsSpan(length));
            length += part.Length;
        }
        // PATH_MAX with its NUL.
        if (length > 4095) throw Unsafe($"{of} is a path of {length} bytes; the kernel takes 4095");
        return new EntryPath(clean[..length]);
    }

    private static LittleboxException Unsafe(string sentence) => new(ErrorKind.SafetyViolation, sentence);
}
