using Littlebox.Linux;
using Littlebox.Runtime.Ids;

namespace Littlebox.Runtime.Tests;

/// <summary>Capabilities, ids, and where a command is looked for.</summary>
public sealed class SmallPartsTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("", "", CapabilityDefault)]
    [InlineData("", "ALL", 0UL)]
    [InlineData("ALL", "", (1UL << 41) - 1)]
    [InlineData("all", "all", (1UL << 41) - 1)]
    [InlineData("KILL", "ALL", 1UL << 5)]
    [InlineData("ALL", "KILL", ((1UL << 41) - 1) & ~(1UL << 5))]
    [InlineData("SYS_ADMIN", "", CapabilityDefault | 1UL << 21)]
    [InlineData("cap_sys_admin", "", CapabilityDefault | 1UL << 21)]
    [InlineData("", "CHOWN,CAP_KILL", CapabilityDefault & ~(1UL | 1UL << 5))]
    [InlineData("BPF", "bpf", CapabilityDefault)]
    public void All_capabilities_are_taken_away_before_and_single_ones_after_others_are_added(string add, string drop, ulong expected) => Assert.Equal(expected,
        CapabilitySet.Change(CapabilitySet.Default, add.Split(',', StringSplitOptions.RemoveEmptyEntries), drop.Split(',', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("CAP_CAP_KILL")]
    [InlineData("41")]
    [InlineData("KILL ")]
    public void What_is_no_capability_is_refused(string name) =>
        Assert.StartsWith($"--cap-drop={name}: ", Assert.Throws<LittleboxException>(() => CapabilitySet.Change(0, [], [name])).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_and_names_of_capabilities_belong_together()
    {
        for (int i = 0; i < CapabilitySet.Count; i++) Assert.Equal(i, CapabilitySet.NumberOf(CapabilitySet.NameOf(i), "--cap-add"));
        Assert.Equal(21, CapabilitySet.NumberOf("SYS_ADMIN", "--cap-add"));
    }

    [Theory]
    [InlineData("sh", "PATH=/a:/b/", "/a/sh,/b/sh")]
    [InlineData("sh", "PATH=:/b", "./sh,/b/sh")]
    [InlineData("sh", "PATH=", "./sh")]
    [InlineData("/bin/sh", "PATH=/a", "/bin/sh")]
    [InlineData("./sh", "PATH=/a", "./sh")]
    [InlineData("sh", "OTHER=1", "/usr/local/sbin/sh,/usr/local/bin/sh,/usr/sbin/sh,/usr/bin/sh,/sbin/sh,/bin/sh")]
    public void A_command_is_looked_for_as_execvp_does(string command, string variable, string expected) => Assert.Equal(expected.Split(','), ExecutablePath.Candidates(command, [variable]));

    [Fact]
    public void Subordinate_ids_are_read_by_name_and_by_number_and_what_is_no_line_is_left_out()
    {
        string file = directory.Write("subuid", "alice:100000:65536\n1000:300000:10\nbob:1:1\nalice:x:5\nalice:5\nalice:500000:0\nalice:-1:5\n\nalice:4294967296:1\n alice:700000:7 \n");
        Assert.Equal([(100000u, 65536u), (300000u, 10u), (700000u, 7u)], SubordinateIds.Of(file, "alice", 1000));
        Assert.Equal([(300000u, 10u)], SubordinateIds.Of(file, null, 1000));
        Assert.Empty(SubordinateIds.Of(directory["nothing"], "alice", 1000));
    }

    [Fact]
    public void Ids_of_a_map_end_where_its_ranges_end()
    {
        var maps = new IdMappings([new(0, 1000, 1), new(1, 100000, 10)], [new(0, 1000, 1)], ByHelper: true);
        Assert.False(maps.Single);
        Assert.True(maps.HasUid(0) && maps.HasUid(10) && maps.HasGid(0));
        Assert.False(maps.HasUid(11) || maps.HasUid(uint.MaxValue) || maps.HasGid(1));
        Assert.Equal("1 100000 10", maps.Uids[1].ToString());
        Assert.True(new IdMappings([new(0, 1000, 1)], [new(0, 1000, 1)], ByHelper: false).Single);
    }

    private const ulong CapabilityDefault = 0xa80425fb;
}
