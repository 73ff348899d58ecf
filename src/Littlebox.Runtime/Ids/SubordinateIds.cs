using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Runtime.Ids;

/// <summary>The ranges of ids that an ordinary user may map, by subuid(5) and subgid(5).</summary>
public static class SubordinateIds
{
    /// <summary>The ranges of a user in /etc/subuid or /etc/subgid: first id and count.</summary>
    /// <param name="file">The file.</param>
    /// <param name="user">The user's name, or <c>null</c> where it has none.</param>
    /// <param name="uid">The user's number, which may stand in the place of the name.</param>
    public static IReadOnlyList<(uint First, uint Count)> Of(string file, string? user, uint uid)
    {
        var found = new List<(uint, uint)>();
        string number = uid.ToString(CultureInfo.InvariantCulture);
        foreach (string line in (SmallFile.TryReadText(file) ?? "").Split('\n'))
        {
            string[] fields = line.Trim().Split(':');
            if (fields.Length == 3 && (fields[0] == number || (user is not null && fields[0] == user))
                && uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint first)
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint count) && count > 0)
                found.Add((first, count));
        }
        return found;
    }

    /// <summary>The name of a user of this machine by its number, from /etc/passwd; <c>null</c> where it has none.</summary>
    public static string? NameOf(uint uid)
    {
        string number = uid.ToString(CultureInfo.InvariantCulture);
        foreach (string line in (SmallFile.TryReadText("/etc/passwd") ?? "").Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && fields[2] == number) return fields[0];
        }
        return null;
    }
}
