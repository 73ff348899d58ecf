using Littlebox.Linux;

namespace Littlebox.Images.Tests.Tools;

/// <summary>
/// Where a file has data and where it has holes, as lseek(2) tells with SEEK_DATA and SEEK_HOLE. How many blocks a file takes (du, st_blocks) says less: a
/// file system allocates late and in advance, and counts its own tables, so two files with the same holes differ in that from one moment to the next.
/// </summary>
public static class DataRanges
{
    private const SeekFrom Data = (SeekFrom)3, Hole = (SeekFrom)4;

    /// <summary>The ranges of a file that hold data, in the order of the file; what has been written and is still in memory counts as data.</summary>
    public static List<(long From, long To)> Of(string path)
    {
        using Descriptor file = Kernel.OpenAt2(-100, path, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        long size = (long)Kernel.Statx(file.Number).Size;
        var ranges = new List<(long, long)>();
        for (long end = 0; end < size;)
        {
            if (!TrySeek(file, end, Data, out long data)) break;
            end = Kernel.Lseek(file.Number, data, Hole);
            ranges.Add((data, end));
        }
        return ranges;
    }

    // ENXIO: there is no data behind that place.
    private static bool TrySeek(Descriptor file, long from, SeekFrom kind, out long found)
    {
        try
        {
            found = Kernel.Lseek(file.Number, from, kind);
            return true;
        }
        catch (SystemCallException end) when (end.Error is Errno.ENXIO)
        {
            found = 0;
            return false;
        }
    }
}
