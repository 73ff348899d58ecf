using System.Text;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Engine.Options;

/// <summary>Checks that hold for every string a user gives.</summary>
internal static class Texts
{
    /// <summary>The error for a value that is refused.</summary>
    public static LittleboxException Refuse(string field, string value, string why, string forms) =>
        new(ErrorKind.InvalidArgument, $"{field}={Strace.Quote(value).Trim('"')}: {why}", $"valid forms: {forms}");

    /// <summary>Refuses a NUL, which would cut the string where the kernel reads it, and a newline, which would write a second line into a file.</summary>
    public static void NoControl(string field, string value, bool newlines = false)
    {
        if (value.Contains('\0')) throw Refuse(field, value, "contains a NUL character", "text without NUL characters");
        if (!newlines && value.Contains('\n')) throw Refuse(field, value, "contains a newline", "one line of text");
    }

    /// <summary>An absolute path without <c>.</c>, <c>..</c> and doubled slashes, from one that may be relative to the current directory of littlebox.</summary>
    public static string HostPath(string path) => ProcessText.FullPath(path);

    /// <summary>A path inside the container: absolute, and <c>..</c> cannot lead above the root.</summary>
    public static string InsidePath(string field, string value, string path)
    {
        NoControl(field, value);
        if (!path.StartsWith('/')) throw Refuse(field, value, $"'{path}' is not an absolute path inside the container", "/PATH");
        return Path.GetFullPath(path);
    }

    /// <summary>Checks a host name.</summary>
    public static string HostName(string name)
    {
        NoControl("--hostname", name);
        if (Encoding.UTF8.GetByteCount(name) is 0 or > 64)
            throw Refuse("--hostname", name, $"a host name has 1 to 64 bytes, this one {Encoding.UTF8.GetByteCount(name)}", "letters, digits, '-' and '.', 64 at most (sethostname(2))");
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_')) throw Refuse("--hostname", name, $"'{c}' cannot stand in a host name", "letters, digits, '-' and '.', 64 at most (hostname(7))");
        }
        return name;
    }
}
