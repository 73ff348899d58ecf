using System.Text;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Namespaces;

/// <summary>Names of pins. They become names of files, and words on command lines.</summary>
public static class NamespaceName
{
    private const int LongestName = 255; // NAME_MAX, limits.h

    /// <summary>Returns the name where it can be one.</summary>
    /// <exception cref="LittleboxException">It is empty, longer than 255 bytes, <c>.</c> or <c>..</c>, begins with a dash, is a number (which would be taken for a
    /// process), or holds a slash or a control character.</exception>
    public static string Check(string name)
    {
        string? wrong = name switch
        {
            "" => "it is empty",
            "." or ".." => "that is a directory",
            "host" or "self" => "that word has a meaning of its own",
            _ when Encoding.UTF8.GetByteCount(name) > LongestName => $"it has {Encoding.UTF8.GetByteCount(name)} bytes, and a file's name has {LongestName} at most",
            _ when name.Contains('/') => "it holds a slash",
            _ when name.Any(char.IsControl) => "it holds a control character",
            _ when name[0] == '-' => "it begins with a dash, like an option",
            _ when name.All(char.IsAsciiDigit) => "a number is a process or an inode",
            _ => null,
        };
        if (wrong is null) return name;
        string shown = Strace.Quote(name);
        throw new LittleboxException(ErrorKind.InvalidArgument, $"{(shown.Length > 60 ? "that" : shown)} cannot be the name of a namespace: {wrong}; use letters, digits, dots and dashes");
    }
}
