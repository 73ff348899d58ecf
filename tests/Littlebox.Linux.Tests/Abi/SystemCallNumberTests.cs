using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Littlebox.Linux.Tests.Abi;

/// <summary>The table of system call numbers, both of its columns: the source is read, since a running program has the one of its own processor only.</summary>
public sealed partial class SystemCallNumberTests
{
    [Fact]
    public void Every_number_of_this_machine_is_that_of_the_headers()
    {
        var wrong = new List<string>();
        AbiTests.Compare(SystemCallNumber.Names.ToArray().Select(pair => (pair.Name, "__NR_" + pair.Name, (ulong)pair.Number)), wrong);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_number_of_x86_64_and_of_arm64_in_the_source_is_that_of_the_headers()
    {
        (string Property, string Name, ulong X64, ulong Arm64)[] rows = [.. Rows()];
        Dictionary<string, ulong> arm64 = KernelHeaders.SystemCallsOfArm64(rows.Select(row => row.Name));
        Dictionary<string, ulong> x64 = Machine.IsArm64 ? [] : KernelHeaders.Values(rows.Select(row => "__NR_" + row.Name));
        var wrong = new List<string>();
        foreach ((_, string name, ulong onX64, ulong onArm64) in rows)
        {
            ulong? expected = arm64.TryGetValue(name, out ulong number) ? number : NewerConstants.ValueOf("__NR_" + name, x64);
            if (expected != onArm64) wrong.Add($"{name} on arm64 is {onArm64} in the table, {expected} in the headers");
            if (!Machine.IsArm64 && NewerConstants.ValueOf("__NR_" + name, x64) != onX64) wrong.Add($"{name} on x86_64 is {onX64} in the table");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_table_of_names_holds_every_number_once()
    {
        string[] properties = [.. typeof(SystemCallNumber).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == typeof(int)).Select(property => property.Name)];
        string[] names = [.. SystemCallNumber.Names.ToArray().Select(pair => pair.Name)];
        Assert.Equal(properties.Order(StringComparer.Ordinal), Rows().Select(row => row.Property).Order(StringComparer.Ordinal));
        Assert.Equal(properties.Length, names.Length);
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("openat2", SystemCallNumber.NameOf(SystemCallNumber.Openat2));
        Assert.Null(SystemCallNumber.NameOf(-1));
    }

    [Fact]
    public void The_flags_of_open_that_differ_on_arm64_are_those_of_its_own_header()
    {
        // arch/arm64/include/uapi/asm/fcntl.h, in octal there: O_DIRECTORY 040000, O_NOFOLLOW 0100000; O_TMPFILE is __O_TMPFILE 020000000 with O_DIRECTORY.
        Dictionary<string, ulong> arm64 = Source("OpenFlags.cs", DifferentFlag()).ToDictionary(match => match.Groups["name"].Value, match => Hex(match.Groups["arm64"].Value), StringComparer.Ordinal);
        Assert.Equal(new Dictionary<string, ulong>(StringComparer.Ordinal) { ["Directory"] = 0x4000, ["NoFollow"] = 0x8000, ["Temporary"] = 0x404000 }, arm64);
    }

    private static IEnumerable<(string Property, string Name, ulong X64, ulong Arm64)> Rows() => Source("SystemCallNumber.cs", Row()).Select(match =>
        (match.Groups["property"].Value, match.Groups["name"].Value, Number(match.Groups["x64"].Value), Number(match.Groups["arm64"].Success ? match.Groups["arm64"].Value : match.Groups["x64"].Value)));

    private static IEnumerable<Match> Source(string name, Regex pattern)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return pattern.Matches(reader.ReadToEnd()).ToArray();
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<summary>(?<name>\w+)\(2\)\.</summary>\s+public static int (?<property>\w+) => (Machine\.IsArm64 \? (?<arm64>\d+) : )?(?<x64>\d+);")]
    private static partial Regex Row();

    [GeneratedRegex(@"OpenFlags (?<name>\w+) => new\(Machine\.IsArm64 \? 0x(?<arm64>[0-9a-f]+)UL : 0x[0-9a-f]+UL\)")]
    private static partial Regex DifferentFlag();
}
