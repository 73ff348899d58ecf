namespace Littlebox.Images.Tar;

/// <summary>The maps of sparse files, in the forms that GNU tar has written over the years (GNU tar manual, "Storing Sparse Files").</summary>
internal static class SparseMap
{
    /// <summary>More parts than this are refused: the map is held in memory.</summary>
    public const int MostSegments = 1 << 20;

    /// <summary>Makes the segments from offsets and lengths in turn.</summary>
    /// <param name="numbers">An even number of them.</param>
    /// <param name="realSize">Size of the file.</param>
    /// <param name="storedSize">Bytes that the archive holds of it.</param>
    /// <param name="segments">The parts with data; empty ones, which only mark the end of the file, left out.</param>
    /// <returns>What is wrong, or <c>null</c>.</returns>
    public static string? Build(List<long> numbers, long realSize, long storedSize, out List<SparseSegment> segments)
    {
        segments = new List<SparseSegment>(numbers.Count / 2);
        long end = 0, stored = 0;
        for (int i = 0; i < numbers.Count; i += 2)
        {
            long offset = numbers[i], length = numbers[i + 1];
            if (offset < end || length < 0 || offset > realSize || length > realSize - offset) return "the parts of a sparse file overlap, are out of order, or lie behind its end";
            end = offset + length;
            stored += length;
            if (length > 0) segments.Add(new SparseSegment(offset, length));
        }
        return stored == storedSize ? null : $"the parts of a sparse file make {stored} bytes, and the archive holds {storedSize}";
    }

    /// <summary>Adds the pairs of an old GNU header or extension block; those behind the last are zero bytes.</summary>
    public static bool TryAddPairs(ReadOnlySpan<byte> pairs, List<long> numbers)
    {
        for (; pairs.Length >= 24; pairs = pairs[24..])
        {
            if (pairs[0] == 0 && pairs[12] == 0) return true;
            if (!TarNumber.TryParse(pairs[..12], out long offset) || !TarNumber.TryParse(pairs.Slice(12, 12), out long length)) return false;
            numbers.Add(offset);
            numbers.Add(length);
        }
        return true;
    }
}
