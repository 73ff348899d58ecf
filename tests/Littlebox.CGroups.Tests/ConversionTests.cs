using Littlebox.Linux;
using Littlebox.Runtime.CGroups;

namespace Littlebox.CGroups.Tests;

/// <summary>The formulas, at their ends and at the points that other runtimes test theirs.</summary>
public sealed class ConversionTests
{
    [Theory]
    [InlineData(2UL, 1UL)]
    [InlineData(1UL, 1UL)]
    [InlineData(3UL, 2UL)]
    [InlineData(1024UL, 100UL)]
    [InlineData(262143UL, 10000UL)]
    [InlineData(262144UL, 10000UL)]
    [InlineData(ulong.MaxValue, 10000UL)]
    public void Shares_become_a_weight_that_keeps_the_least_the_usual_and_the_most(ulong shares, ulong weight) => Assert.Equal(weight, Conversions.CpuWeight(shares));

    [Fact]
    public void More_shares_are_never_less_weight()
    {
        ulong before = 0;
        for (ulong shares = 2; shares <= 262144; shares++)
        {
            ulong weight = Conversions.CpuWeight(shares);
            Assert.InRange(weight, Math.Max(before, 1), 10000UL);
            before = weight;
        }
    }

    [Theory]
    [InlineData(10, 1UL)]
    [InlineData(11, 11UL)]
    [InlineData(500, 4950UL)]
    [InlineData(1000, 10000UL)]
    public void Weights_of_block_devices_go_along_a_line(int weight, ulong expected) => Assert.Equal(expected, Conversions.IoWeight((ushort)weight));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, 1000L, null)]
    [InlineData(0L, 1000L, null)]
    [InlineData(null, -1L, "max")]
    [InlineData(-1L, 1000L, "max")]
    [InlineData(-1L, null, "max")]
    [InlineData(3000L, 1000L, "2000")]
    [InlineData(1000L, 1000L, "0")]
    [InlineData(3000L, -1L, "3000")]
    public void Swap_alone_is_memory_and_swap_without_memory(long? swap, long? limit, string? expected) => Assert.Equal(expected, Conversions.SwapMax(swap, limit));

    [Theory]
    [InlineData(3000L, null)]
    [InlineData(3000L, 0L)]
    [InlineData(500L, 1000L)]
    public void Swap_without_memory_or_less_than_it_is_refused(long? swap, long? limit) =>
        Assert.StartsWith("/linux/resources/memory/swap ", Assert.Throws<LittleboxException>(() => Conversions.SwapMax(swap, limit)).Message);

    [Theory]
    [InlineData(64, "64KB")]
    [InlineData(2048, "2MB")]
    [InlineData(1048576, "1GB")]
    [InlineData(16777216, "16GB")]
    public void Sizes_of_huge_pages_are_named_as_the_kernel_names_its_files(long kilobytes, string name) => Assert.Equal(name, HugePageSizes.Name(kilobytes));
}
