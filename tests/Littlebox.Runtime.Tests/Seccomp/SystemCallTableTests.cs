using System.Globalization;
using System.Text.RegularExpressions;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Tests.Seccomp;

/// <summary>The table of system calls, against libseccomp in both directions and against the kernel's headers.</summary>
public sealed partial class SystemCallTableTests
{
    private static readonly SystemCallAbi[] Abis = Enum.GetValues<SystemCallAbi>();

    [Fact]
    public void Every_name_is_found_and_no_other()
    {
        string[] names = [.. Enumerable.Range(0, SystemCallTable.Count).Select(SystemCallTable.Name)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        for (int place = 0; place < names.Length; place++) Assert.Equal(place, SystemCallTable.Find(names[place]));
        foreach (string name in new[] { "", "a", "_", "zzz", "rea", "readd", "Read", "réad", "read\0" }) Assert.Equal(-1, SystemCallTable.Find(name));
    }

    [Fact]
    public void Every_number_is_that_of_libseccomp_where_it_knows_the_name()
    {
        Libseccomp.Require();
        var wrong = new List<string>();
        for (int place = 0; place < SystemCallTable.Count; place++)
        {
            string name = SystemCallTable.Name(place);
            if (!Libseccomp.Knows(name)) continue;
            foreach (SystemCallAbi abi in Abis)
            {
                long expected = Libseccomp.Number(name, abi), ours = SystemCallTable.Number(place, abi);
                // On i386 libseccomp names what socketcall and ipc carry by a number of its own, -100 and -200 less the call.
                if (abi == SystemCallAbi.X86 && SystemCallTable.IsMultiplexed(place, out uint carrier, out uint call))
                {
                    if (expected != (carrier == 102 ? -100 : -200) - (int)call) wrong.Add($"{name} is call {call} of {carrier}, {expected} in libseccomp");
                    if (ours >= 0 && Libseccomp.Name((int)ours, abi) != name) wrong.Add($"{name} on i386 is {ours}");
                }
                else if (expected < 0 ? ours >= 0 : ours != (abi == SystemCallAbi.X32 ? expected | SystemCallTable.X32Bit : expected))
                {
                    wrong.Add($"{name} on {abi} is {ours}, {expected} in libseccomp");
                }
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_system_call_that_libseccomp_knows_is_in_the_table()
    {
        Libseccomp.Require();
        var missing = new List<string>();
        foreach (SystemCallAbi abi in Abis)
        {
            foreach (int number in Enumerable.Range(0, 1000).Concat(Enumerable.Range(0xf0000, 16)))
            {
                int seen = abi == SystemCallAbi.X32 ? number | (int)SystemCallTable.X32Bit : number;
                if (Libseccomp.Name(seen, abi) is string name && SystemCallTable.NameOf(abi, (uint)seen) != name) missing.Add($"{abi} {number} {name}");
            }
        }
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData(SystemCallAbi.X64, "unistd_64.h")]
    [InlineData(SystemCallAbi.X32, "unistd_x32.h")]
    [InlineData(SystemCallAbi.X86, "unistd_32.h")]
    internal void Every_number_of_the_kernel_s_headers_is_in_the_table(SystemCallAbi abi, string header)
    {
        string path = "/usr/include/x86_64-linux-gnu/asm/" + header;
        if (!File.Exists(path)) Assert.Skip($"{path} is not there: apt-get install linux-libc-dev");
        var wrong = new List<string>();
        foreach (string line in File.ReadLines(path))
        {
            Match match = Definition().Match(line);
            if (!match.Success) continue;
            string name = match.Groups["name"].Value;
            uint number = uint.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) | (abi == SystemCallAbi.X32 ? SystemCallTable.X32Bit : 0);
            int place = SystemCallTable.Find(name);
            if (place < 0 || SystemCallTable.Number(place, abi) != number) wrong.Add($"{name} {number}");
        }
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"^#define __NR_(?<name>\w+) (\(__X32_SYSCALL_BIT \+ )?(?<number>\d+)\)?$")]
    private static partial Regex Definition();
}
