using System.Globalization;

namespace Littlebox.MethodOrder;

/// <summary>The methods of a native binary's managed code: what nm(1) lists between the two symbols that the linker puts around the section; or the functions of the libraries, which lie in front of them.</summary>
internal sealed class MethodTable
{
    private const string First = "__start___managedcode", Last = "__stop___managedcode", BeforeLibraries = "_init";

    /// <summary>The names at each address: a method that the runtime calls by another name has two.</summary>
    public SortedDictionary<long, List<string>> Names { get; } = [];

    /// <summary>Where the managed code begins.</summary>
    public long Start { get; private set; }

    /// <summary>Where it ends: the first address behind it.</summary>
    public long End { get; private set; }

    /// <summary>Reads them.</summary>
    /// <param name="lines">What nm has printed, in any order: address, perhaps size, kind, name.</param>
    /// <param name="libraries">The functions of the libraries instead: what lies between the section .init and the managed code.</param>
    /// <exception cref="FormatException">There is no managed code.</exception>
    public static MethodTable Read(IEnumerable<string> lines, bool libraries)
    {
        long initial = 0;
        var table = new MethodTable();
        var code = new List<(long Address, string Name)>();
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 3) continue;
            long address = long.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            string name = words[^1];
            if (name == First) table.Start = address;
            else if (name == Last) table.End = address;
            else if (name == BeforeLibraries) initial = address;
            else if (words[^2] is "t" or "T") code.Add((address, name));
        }
        if (table.Start == 0 || table.End <= table.Start) throw new FormatException($"the symbols name no managed code: {First} and {Last} are looked for");
        if (libraries)
        {
            table.End = table.Start;
            table.Start = code.Where(one => initial > 0 && one.Address > initial).Select(static one => one.Address).DefaultIfEmpty(table.End).Min();
        }
        foreach ((long address, string name) in code)
        {
            if (address < table.Start || address >= table.End) continue;
            if (!table.Names.TryGetValue(address, out List<string>? names)) table.Names.Add(address, names = []);
            names.Add(name);
        }
        return table;
    }
}
