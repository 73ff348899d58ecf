using System.Globalization;
using System.Text;

namespace Littlebox.Plan.Stepping;

/// <summary>One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">The mount's id; it stays when the mount is moved.</param>
/// <param name="Place">Where it is, as the process sees it.</param>
/// <param name="Type">The type of the file system.</param>
/// <param name="Source">What is mounted, as mount(8) prints it.</param>
/// <param name="Root">Which directory of the file system is its top.</param>
/// <param name="Options">Options of the mount, and <c>shared</c> or <c>slave</c> where it propagates.</param>
public sealed record MountEntry(int Id, string Place, string Type, string Source, string Root, string Options)
{
    /// <summary>As mount(8) prints it.</summary>
    public override string ToString() => $"{Source}{(Root is "/" ? "" : $"[{Root}]")} on {Place} type {Type} ({Options})";

    /// <summary>Reads a mount table; lines in a form that is not known are left out.</summary>
    public static IReadOnlyList<MountEntry> Parse(string table)
    {
        var entries = new List<MountEntry>();
        foreach (string line in table.Split('\n'))
        {
            // 36 35 98:0 /root /place rw,noatime shared:1 - ext3 /dev/sda1 rw,errors=continue
            string[] fields = line.Split(' ');
            int dash = fields.Length < 10 ? -1 : Array.IndexOf(fields, "-", 6);
            if (dash < 0 || dash + 2 >= fields.Length || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            string options = fields[5];
            for (int i = 6; i < dash; i++)
            {
                if (fields[i].StartsWith("shared:", StringComparison.Ordinal)) options += ",shared";
                else if (fields[i].StartsWith("master:", StringComparison.Ordinal)) options += ",slave";
                else if (fields[i] == "unbindable") options += ",unbindable";
            }
            entries.Add(new MountEntry(id, Plain(fields[4]), fields[dash + 1], Plain(fields[dash + 2]), Plain(fields[3]), options));
        }
        return entries;
    }

    // The kernel writes blanks and backslashes as \040 and the like.
    private static string Plain(string field)
    {
        if (!field.Contains('\\')) return field;
        byte[] escaped = Encoding.UTF8.GetBytes(field);
        var plain = new List<byte>(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '\\' && i + 3 < escaped.Length && IsOctal(escaped[i + 1]) && IsOctal(escaped[i + 2]) && IsOctal(escaped[i + 3]))
            {
                plain.Add((byte)((escaped[i + 1] - '0') * 64 + (escaped[i + 2] - '0') * 8 + escaped[i + 3] - '0'));
                i += 3;
            }
            else
            {
                plain.Add(escaped[i]);
            }
        }
        return Encoding.UTF8.GetString([.. plain]);
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
