using System.Globalization;
using System.Text;
using Littlebox.Linux;

namespace Littlebox.Runtime.Users;

/// <summary>
/// Turns <c>-u USER[:GROUP]</c> into numbers by the root's own /etc/passwd and /etc/group. What cannot be read as a user is an error, never root
/// (CVE-2026-30892); files of the root are read with bounds (GO-2026-5475).
/// </summary>
public static class UserLookup
{
    private const int LargestFile = 1 << 20;

    /// <summary>Looks a user up.</summary>
    /// <param name="root">The container's root.</param>
    /// <param name="text">A name or number, and behind a colon a group's name or number; empty for root.</param>
    /// <exception cref="LittleboxException">It has another form, or there is no such name.</exception>
    public static UserIds Find(RootDirectory root, string text)
    {
        string[] parts = text.Length == 0 ? ["0"] : text.Split(':');
        if (parts.Length > 2 || Array.Exists(parts, static part => part.Length == 0)) throw Invalid(text, "not of the form USER or USER:GROUP");

        uint? number = Number(parts[0], text);
        string[]? entry = Lines(root, "/etc/passwd", text).Find(fields => fields.Length >= 7 && (number is null ? fields[0] == parts[0] : fields[2] == parts[0]));
        if (entry is null && number is null) throw Invalid(text, $"the root's /etc/passwd has no user '{parts[0]}'");
        uint uid = number ?? Stored(entry![2], text, "/etc/passwd");
        uint gid = entry is null ? 0 : Stored(entry[3], text, "/etc/passwd");
        string home = entry is { } found && found[5].StartsWith('/') ? found[5] : uid == 0 ? "/root" : "/";
        if (parts.Length == 2) return new UserIds(uid, Group(root, parts[1], text), [], home);

        // Without a group named: the groups whose members list the user's name, as login does.
        var groups = new List<uint>();
        if (entry is not null)
        {
            foreach (string[] group in Lines(root, "/etc/group", text))
            {
                if (group.Length >= 4 && group[3].Split(',').Contains(entry[0])) groups.Add(Stored(group[2], text, "/etc/group"));
            }
        }
        return new UserIds(uid, gid, groups, home);
    }

    private static uint Group(RootDirectory root, string group, string text)
    {
        if (Number(group, text) is { } number) return number;
        string[] entry = Lines(root, "/etc/group", text).Find(fields => fields.Length >= 3 && fields[0] == group)
            ?? throw Invalid(text, $"the root's /etc/group has no group '{group}'");
        return Stored(entry[2], text, "/etc/group");
    }

    // Digits only, up to 4294967294: the highest value means "no change" to the kernel. What begins with a digit or a sign and is no number is no name either.
    private static uint? Number(string part, string text)
    {
        if (uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out uint value) && value != uint.MaxValue) return value;
        if (char.IsAsciiDigit(part[0]) || part[0] is '-' or '+') throw Invalid(text, $"'{part}' is not a number from 0 to 4294967294, nor a name");
        return null;
    }

    private static uint Stored(string field, string text, string file) =>
        uint.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out uint value) && value != uint.MaxValue
            ? value
            : throw Invalid(text, $"the root's {file} has '{field}' in the place of a number");

    private static List<string[]> Lines(RootDirectory root, string file, string text)
    {
        byte[]? content;
        try
        {
            content = root.ReadSmallFile(file, LargestFile);
        }
        catch (InvalidDataException)
        {
            throw Invalid(text, $"the root's {file} is larger than {LargestFile >> 20} MiB, which no such file should be");
        }
        List<string[]> lines = [];
        if (content is null) return lines;
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n')) lines.Add(line.Split(':'));
        return lines;
    }

    private static LittleboxException Invalid(string text, string why) =>
        new(ErrorKind.InvalidArgument, $"--user={text}: {why}", "valid forms: USER, USER:GROUP; each a name of the root's own /etc/passwd and /etc/group, or a number");
}
