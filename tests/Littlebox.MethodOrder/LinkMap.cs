using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Littlebox.MethodOrder;

/// <summary>Which section of which member of which library lies where in a binary: the map that ld(1) writes (-Map).</summary>
internal sealed partial class LinkMap
{
    private readonly List<(long Start, long End, string Section, string File)> sections = [];

    /// <summary>Reads the sections of code. A long name stands on a line of its own.</summary>
    public static LinkMap Read(IEnumerable<string> lines)
    {
        var map = new LinkMap();
        string name = "";
        foreach (string line in lines)
        {
            Match match = Section().Match(line);
            if (match.Groups["name"].Success) name = match.Groups["name"].Value;
            if (match.Groups["start"].Success && name.Length > 0)
            {
                long start = Hex(match.Groups["start"].Value), length = Hex(match.Groups["length"].Value);
                if (start > 0 && length > 0) map.sections.Add((start, start + length, name, match.Groups["file"].Value));
            }
            if (!match.Success || match.Groups["start"].Success) name = "";
        }
        map.sections.Sort();
        return map;
    }

    /// <summary>A script that puts the sections of some functions into one of their own, in front of the rest of the code (INSERT, ld's manual); what another library does not have is passed over.</summary>
    public string Script(IEnumerable<string> functions, MethodTable table)
    {
        Dictionary<string, long> addresses = [];
        foreach ((long address, List<string> names) in table.Names)
        {
            foreach (string name in names) addresses.TryAdd(name, address);
        }
        var text = new StringBuilder("/* Made by build/method-order. */\nSECTIONS\n{\n  .text.start :\n  {\n");
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (string function in functions)
        {
            if (!addresses.TryGetValue(function, out long address)) continue;
            (long start, long end, string section, string file) = sections.FindLast(one => one.Start <= address);
            if (start == 0 || address >= end) continue;
            Match member = Member().Match(file);
            string line = $"    *{(member.Success ? $"{member.Groups[1].Value}:{member.Groups[2].Value}" : Path.GetFileName(file))}({section})\n";
            if (known.Add(line)) text.Append(line);
        }
        return text.Append("  }\n}\nINSERT BEFORE .text;\n").ToString();
    }

    private static long Hex(string digits) => long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?: (?<name>\.text\S*))?(?:\s+0x(?<start>[0-9a-f]+)\s+0x(?<length>[0-9a-f]+)\s+(?<file>\S.*))?$")]
    private static partial Regex Section();

    [GeneratedRegex(@"([^/]+\.a)\((.+)\)$")]
    private static partial Regex Member();
}
