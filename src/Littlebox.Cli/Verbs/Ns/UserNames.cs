using System.Globalization;
using Littlebox.Linux;

namespace Littlebox.Cli.Verbs.Ns;

/// <summary>Names of users, from /etc/passwd; the number where it has none.</summary>
internal sealed class UserNames
{
    private readonly Dictionary<uint, string> names = [];

    /// <summary>Reads the file.</summary>
    public UserNames()
    {
        foreach (string line in (SmallFile.TryReadText("/etc/passwd", 16 << 20) ?? "").Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 3 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)) names.TryAdd(uid, fields[0]);
        }
    }

    /// <summary>The name of a user.</summary>
    public string this[uint uid] => names.GetValueOrDefault(uid) ?? uid.ToString(CultureInfo.InvariantCulture);
}
