using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Bus;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

/// <summary>What limits, device rules and annotations come to as properties of a unit: those that runc's documentation lists.</summary>
public sealed class UnitPropertyTests
{
    private const string Infinity = "18446744073709551615";

    public static TheoryData<string, LinuxResources, string, string> Limits => new()
    {
        { "memory", new() { Memory = new() { Limit = 4096, Swap = 8192, Reservation = 1024 } }, "MemoryLimit=4096", "MemoryMax=4096 MemoryLow=1024 MemorySwapMax=4096" },
        { "no swap", new() { Memory = new() { Limit = 4096, Swap = 4096 } }, "MemoryLimit=4096", "MemoryMax=4096 MemorySwapMax=0" },
        { "no limit of memory", new() { Memory = new() { Limit = -1 } }, $"MemoryLimit={Infinity}", $"MemoryMax={Infinity} MemorySwapMax={Infinity}" },
        { "memory not set", new() { Memory = new() { Limit = 0, Swap = 0, Reservation = 0 } }, "", "" },
        { "shares", new() { Cpu = new() { Shares = 1024 } }, "CPUShares=1024", "CPUWeight=100" },
        { "shares not set", new() { Cpu = new() { Shares = 0 } }, "", "" },
        { "idle", new() { Cpu = new() { Shares = 1024, Idle = 1 } }, "CPUShares=1024", "CPUWeight=0" },
        { "pids", new() { Pids = new() { Limit = 7 } }, "TasksMax=7", "TasksMax=7" },
        { "no pids", new() { Pids = new() { Limit = 0 } }, "TasksMax=1", "TasksMax=1" },
        { "all pids", new() { Pids = new() { Limit = -1 } }, $"TasksMax={Infinity}", $"TasksMax={Infinity}" },
        { "weight", new() { BlockIo = new() { Weight = 500 } }, "BlockIOWeight=500", "" },
        { "processors", new() { Cpu = new() { Cpus = "0-1,9", Mems = "0" } }, "AllowedCPUs=03,02 AllowedMemoryNodes=01", "AllowedCPUs=03,02 AllowedMemoryNodes=01" },
        { "processors that are none", new() { Cpu = new() { Cpus = "x", Mems = "99999999" } }, "", "" },
        { "unified", new() { Unified = [new("memory.high", "4096"), new("memory.min", "max"), new("pids.max", "0"), new("cpu.weight", "50"), new("io.max", "8:0 rbps=1"), new("cpuset.cpus", "2")] },
            "", $"MemoryHigh=4096 MemoryMin={Infinity} TasksMax=1 CPUWeight=50 AllowedCPUs=04" },
        { "unified quota", new() { Unified = [new("cpu.max", "50000 200000"), new("cpu.idle", "1")] }, "", "CPUQuotaPeriodUSec=200000 CPUQuotaPerSecUSec=250000 CPUWeight=0" },
        { "unified without quota", new() { Unified = [new("cpu.max", "max")] }, "", $"CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec={Infinity}" },
        { "unified in words of its own", new() { Unified = [new("memory.max", "1G"), new("cpu.max", "many")] }, "", "" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_limit_is_a_property_on_version_1(string what, LinuxResources resources, string expected, string _) => Check(what, resources, expected, isUnified: false);

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_limit_is_a_property_on_version_2(string what, LinuxResources resources, string _, string expected) => Check(what, resources, expected, isUnified: true);

    [Theory]
    // systemd counts whole percents of a processor: 10 ms of a second. What is above goes to the next one, in the file as well.
    [InlineData(50_000L, null, null, 500_000ul, 50_000L)]
    [InlineData(12_345L, 50_000ul, 50_000ul, 250_000ul, 12_500L)]
    [InlineData(1L, null, null, 10_000ul, 1_000L)]
    [InlineData(100_001L, 100_000ul, 100_000ul, 1_010_000ul, 101_000L)]
    [InlineData(999_999L, 1_000_000ul, 1_000_000ul, 1_000_000ul, 1_000_000L)]
    [InlineData(-1L, null, null, ulong.MaxValue, -1L)]
    [InlineData(null, 50_000ul, 50_000ul, ulong.MaxValue, null)]
    [InlineData(long.MaxValue, 1ul, 1ul, ulong.MaxValue, long.MaxValue)]
    public void A_quota_is_rounded_up_to_whole_percents_of_a_second(long? quota, ulong? period, ulong? propertyPeriod, ulong perSecond, long? written)
    {
        UnitLimits limits = Of(new() { Cpu = new() { Quota = quota, Period = period } }, isUnified: true);
        string expected = (propertyPeriod is null ? "" : $"CPUQuotaPeriodUSec={propertyPeriod} ") + $"CPUQuotaPerSecUSec={perSecond}";
        Assert.Equal((expected, written), (Text(limits.Properties), limits.Resources.Cpu!.Quota));
    }

    [Theory]
    [InlineData(true, "cpu.max", "50000 200000")]
    [InlineData(false, "cpu.cfs_quota_us", "50000")]
    public void An_update_of_the_period_keeps_the_quota_and_that_of_the_quota_the_period(bool isUnified, string file, string value)
    {
        string? Read(string controller, string name) => name == file ? value + "\n" : name == "cpu.cfs_period_us" ? "200000\n" : null;
        var context = new LimitContext(_ => isUnified, !isUnified, Read);
        Assert.Equal("CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=500000", Text(UnitLimits.Of(new() { Cpu = new() { Period = 100_000 } }, context, static () => 252).Properties));
        Assert.Equal("CPUQuotaPerSecUSec=100000", Text(UnitLimits.Of(new() { Cpu = new() { Quota = 20_000 } }, context, static () => 252).Properties));
    }

    [Fact]
    public void Idle_is_no_property_of_a_systemd_that_does_not_know_it() =>
        Assert.Equal("CPUWeight=100", Text(UnitLimits.Of(new() { Cpu = new() { Shares = 1024, Idle = 1 } }, new LimitContext(static _ => true, false, static (_, _) => null), static () => 251).Properties));

    [Fact]
    public void The_version_is_asked_for_only_where_it_matters() =>
        UnitLimits.Of(new() { Cpu = new() { Shares = 5, Quota = 7 }, Memory = new() { Limit = 1 } }, new LimitContext(static _ => true, false, static (_, _) => null), static () => throw new InvalidOperationException());

    [Fact]
    public void Device_rules_are_a_policy_and_a_list_by_numbers()
    {
        string text = Text(UnitDevices.Of([new(false, 'a', null, null, DeviceAccess.All), new(true, 'b', 8, 16, DeviceAccess.Read), new(true, 'c', 10, null, DeviceAccess.All)], isUnified: true));
        Assert.StartsWith("DevicePolicy=strict DeviceAllow= DeviceAllow=/dev/block/8:16 r,char-10 rwm,char-* m,block-* m,/dev/char/1:3 rwm,", text, StringComparison.Ordinal);
        Assert.EndsWith("char-136 rwm,/dev/char/10:200 rwm", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_that_systemd_has_no_words_for_leave_its_policy_open_on_version_2_where_ours_counts()
    {
        DeviceRule all = new(true, 'a', null, null, DeviceAccess.All);
        Assert.Equal("DevicePolicy=auto DeviceAllow=", Text(UnitDevices.Of([all], isUnified: true)));
        Assert.Empty(UnitDevices.Of([all, new(false, 'c', 1, 11, DeviceAccess.All)], isUnified: true));
        Assert.Equal("DevicePolicy=strict DeviceAllow=", Text(UnitDevices.Of([all, new(false, 'c', 1, 11, DeviceAccess.All)], isUnified: false)));
        Assert.Empty(UnitDevices.Of([new(true, 'c', null, 5, DeviceAccess.All)], isUnified: true));
    }

    [Theory]
    [InlineData("TimeoutStopUSec", "uint64 123456789", "TimeoutStopUSec", "t", 123456789ul)]
    [InlineData("TimeoutStopSec", "456", "TimeoutStopUSec", "t", 456_000_000ul)]
    [InlineData("TimeoutStopSec", "byte 234", "TimeoutStopUSec", "t", 234_000_000ul)]
    [InlineData("TimeoutStopSec", "234.789", "TimeoutStopUSec", "t", 234_789_000ul)]
    [InlineData("FOOSec", "123", "FOOSec", "i", 123ul)]
    [InlineData("Sec", "123", "Sec", "i", 123ul)]
    [InlineData("SendSIGHUP", "true", "SendSIGHUP", "b", 1ul)]
    public void An_annotation_is_a_property_and_seconds_are_microseconds(string name, string value, string property, string type, ulong bits)
    {
        UnitProperty only = Assert.Single(UnitAnnotations.Of([new("org.systemd.property." + name, value), new("some.other", "0")]));
        Assert.Equal((property, type, bits), (only.Name, only.Value.Signature, ((BusNumber)only.Value).Bits));
    }

    [Theory]
    [InlineData("Xo", "1")]
    [InlineData("Number1", "1")]
    [InlineData("", "1")]
    [InlineData("Slice", "'other.slice'")]
    [InlineData("PIDs", "[uint32 1]")]
    [InlineData("ValidName", "invalid-value")]
    [InlineData("TimeoutStopSec", "'covfefe'")]
    [InlineData("TimeoutStopSec", "false")]
    [InlineData("TimeoutStopSec", "-1")]
    [InlineData("TimeoutStopSec", "int16 -1")]
    [InlineData("TimeoutStopSec", "uint64 18446744073709551615")]
    [InlineData("TimeoutStopSec", "nan")]
    public void An_annotation_that_is_none_is_refused_with_its_place(string name, string value) =>
        Assert.Contains("/annotations/org.systemd.property." + name, Assert.Throws<ConfigException>(() => UnitAnnotations.Of([new("org.systemd.property." + name, value)])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0", "01")]
    [InlineData("7", "80")]
    [InlineData("8", "00,01")]
    [InlineData("0-3, 5,,", "2f")]
    [InlineData("0-15", "ff,ff")]
    [InlineData("", null)]
    [InlineData("3-1", null)]
    [InlineData("-1", null)]
    [InlineData("1-2-3", null)]
    [InlineData("0-4294967295", null)]
    [InlineData("a", null)]
    public void A_list_of_processors_is_a_bit_for_each(string list, string? bits) => Assert.Equal(bits, SetBits.Of(list) is { } bytes ? string.Join(',', bytes.Select(static b => b.ToString("x2"))) : null);

    private static UnitLimits Of(LinuxResources resources, bool isUnified) => UnitLimits.Of(resources, new LimitContext(_ => isUnified, !isUnified, static (_, _) => null), static () => 252);

    private static void Check(string what, LinuxResources resources, string expected, bool isUnified) => Assert.Equal((what, expected), (what, Text(Of(resources, isUnified).Properties)));

    private static string Text(IEnumerable<UnitProperty> properties) => string.Join(' ', properties.Select(static property => $"{property.Name}={Text(property.Value)}"));

    private static string Text(BusValue value) => value switch
    {
        BusNumber number => number.Type == 'y' ? number.Bits.ToString("x2") : number.Bits.ToString(),
        BusText text => text.Text,
        BusTuple tuple => string.Join(' ', tuple.Items.Select(Text)),
        BusArray array => string.Join(',', array.Items.Select(Text)),
        _ => "",
    };
}
