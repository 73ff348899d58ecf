using System.Globalization;
using System.Text;

namespace Littlebox.Namespaces;

/// <summary>A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)), as far as this room reads it.</summary>
/// <param name="Id">Id of the mount.</param>
/// <param name="Root">What of the file system is mounted; for nsfs the namespace, <c>net:[4026531840]</c>.</param>
/// <param name="Path">Where, as the process sees it.</param>
/// <param name="FileSystem">The type.</param>
/// <param name="IsShared">True when mounts on it propagate to peers (<c>shared:N</c>).</param>
public readonly record struct MountLine(long Id, string Root, string Path, string FileSystem, bool IsShared)
{
    /// <summary>The namespace that a bind mount holds; <c>null</c> for any other mount.</summary>
    public NamespaceId? Namespace => FileSystem is "nsfs" && NamespaceKinds.TryParseLink(Root, out NamespaceId id) ? id : null;
}

/// <summary>Reads mountinfo.</summary>
public static class MountTable
{
    /// <summary>The mounts in the text of a mountinfo file, of one type or of all. Lines that are not understood are left out: the format may grow.</summary>
    public static IEnumerable<MountLine> Parse(string text, string? fileSystem = null)
    {
        string? mark = fileSystem is null ? null : $" - {fileSystem} ";
        foreach (string line in text.Split('\n'))
        {
            if (mark is not null && !line.Contains(mark, StringComparison.Ordinal)) continue;
            // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
            if (dash < 0 || dash + 1 >= fields.Length || !long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long id)) continue;
            bool shared = false;
            for (int field = 6; field < dash; field++) shared |= fields[field].StartsWith("shared:", StringComparison.Ordinal);
            yield return new MountLine(id, Unescape(fields[3]), Unescape(fields[4]), fields[dash + 1], shared);
        }
    }

    /// <summary>Space, tab, newline and backslash stand in mountinfo as a backslash and three octal digits.</summary>
    internal static string Unescape(string field)
    {
        if (!field.Contains('\\')) return field;
        var text = new StringBuilder(field.Length);
        for (int at = 0; at < field.Length; at++)
        {
            if (field[at] == '\\' && at + 3 < field.Length && Octal(field.AsSpan(at + 1, 3)) is { } value)
            {
                text.Append((char)value);
                at += 3;
            }
            else
            {
                text.Append(field[at]);
            }
        }
        return text.ToString();
    }

    private static int? Octal(ReadOnlySpan<char> digits)
    {
        int value = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7') return null;
            value = value * 8 + (digit - '0');
        }
        return value;
    }
}
