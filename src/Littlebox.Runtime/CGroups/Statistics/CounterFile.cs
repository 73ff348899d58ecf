using System.Globalization;

namespace Littlebox.Runtime.CGroups;

/// <summary>Reads the numbers of cgroup files. What is missing is <c>null</c> or empty, since each kernel has other files.</summary>
internal static class CounterFile
{
    /// <summary>A file with one number; <c>max</c> is <see cref="ulong.MaxValue"/>, a negative number 0.</summary>
    public static ulong? Number(ICGroupNode node, string file) => node.TryRead(file) is { } text ? Parse(text.Trim()) : null;

    /// <summary>A file of lines with a name and a number.</summary>
    public static Dictionary<string, ulong> Table(ICGroupNode node, string file)
    {
        var table = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (string line in Lines(node, file))
        {
            if (line.Split(' ') is [var name, var value] && Parse(value) is { } number) table[name] = number;
        }
        return table;
    }

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(ICGroupNode node, string file) => (node.TryRead(file) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The numbers of a line, with blanks between.</summary>
    public static ulong[] Numbers(string? line) => [.. (line ?? "").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(static word => Parse(word) ?? 0)];

    /// <summary>A list such as <c>0-3,7</c>.</summary>
    public static int[] List(string? text)
    {
        var numbers = new List<int>();
        foreach (string range in (text ?? "").Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)) continue;
            for (int number = first; number <= last && numbers.Count < 65536; number++) numbers.Add(number);
        }
        return [.. numbers];
    }

    /// <summary>A pressure file; <c>null</c> where the kernel has none, or it is switched off.</summary>
    public static PressureStatistics? Pressure(ICGroupNode node, string file)
    {
        string[] lines = Lines(node, file);
        if (lines.Length == 0) return null;
        return new PressureStatistics(Line("some"), Line("full"));

        PressureLine Line(string kind)
        {
            string? line = Array.Find(lines, line => line.StartsWith(kind, StringComparison.Ordinal));
            if (line is null) return default;
            Dictionary<string, string> fields = line.Split(' ').Skip(1).Select(static word => word.Split('=')).Where(static pair => pair.Length == 2).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
            return new PressureLine(Average("avg10"), Average("avg60"), Average("avg300"), Parse(fields.GetValueOrDefault("total", "")) ?? 0);

            double Average(string name) => double.TryParse(fields.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : 0;
        }
    }

    /// <summary>A number, or <c>max</c>.</summary>
    public static ulong? Parse(string text)
    {
        if (text == "max") return ulong.MaxValue;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)) return value;
        return text.StartsWith('-') ? 0 : null;
    }
}
