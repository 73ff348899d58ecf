using Littlebox.Linux;

namespace Littlebox.Runtime.CGroups;

/// <summary>From the units of config.json, which are those of version 1, to those of version 2.</summary>
public static class Conversions
{
    /// <summary>
    /// <c>cpu.shares</c> (2 to 262144, usually 1024) to <c>cpu.weight</c> (1 to 10000, usually 100): the quadratic curve in the logarithm through the
    /// three points that both have in common, as newer versions of runc and of crun have it (both round upwards).
    /// </summary>
    /// <remarks>Before that both went along the straight line 1 + (shares - 2) * 9999 / 262142, on which the usual 1024 comes out as 39.</remarks>
    public static ulong CpuWeight(ulong shares)
    {
        if (shares <= 2) return 1;
        if (shares >= 262144) return 10000;
        double logarithm = Math.Log2(shares);
        double exponent = (logarithm * logarithm + 125 * logarithm) / 612.0 - 7.0 / 34.0;
        return (ulong)Math.Ceiling(Math.Pow(10, exponent));
    }

    /// <summary><c>blkio.weight</c> (10 to 1000) to <c>io.weight</c> (1 to 10000): a straight line.</summary>
    public static ulong IoWeight(ushort weight) => weight <= 10 ? 1 : 1 + (ulong)(weight - 10) * 9999 / 990;

    /// <summary>
    /// <c>memory.swap</c> of config.json, which is memory and swap together, to <c>memory.swap.max</c>, which is swap alone.
    /// </summary>
    /// <param name="swap">Memory and swap; -1 without limit, <c>null</c> or 0 not set.</param>
    /// <param name="limit">Memory; -1 without limit, <c>null</c> or 0 not set.</param>
    /// <returns>What to write: a number or <c>max</c>; <c>null</c> for nothing.</returns>
    /// <exception cref="LittleboxException">Together they make no sense.</exception>
    public static string? SwapMax(long? swap, long? limit)
    {
        const string pointer = "/linux/resources/memory/swap";
        switch (swap ?? 0, limit ?? 0)
        {
            // As version 1 does it: no limit of memory is no limit of both.
            case (0, -1): return "max";
            case (0, _): return null;
            case (-1, _): return "max";
            case (var both, -1): return Text(both);
            case (_, 0): throw new LittleboxException(ErrorKind.InvalidArgument, $"{pointer} is memory and swap together: it needs /linux/resources/memory/limit beside it");
            case (var both, var memory) when both < memory:
                throw new LittleboxException(ErrorKind.InvalidArgument, $"{pointer} is {both}, less than the {memory} of /linux/resources/memory/limit: it is memory and swap together");
            case (var both, var memory): return Text(both - memory);
        }
    }

    internal static string Text(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal static string Text(ulong value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
