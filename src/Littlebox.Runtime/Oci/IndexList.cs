using System.Globalization;

namespace Littlebox.Runtime.Oci;

/// <summary>Lists of processors or memory nodes as the kernel reads them (bitmap_parselist): <c>0-3,7</c>, <c>0-31:2/4</c>; as a mask of bits.</summary>
internal static class IndexList
{
    /// <summary>How many there may be: more than any kernel has processors or nodes.</summary>
    public const int Most = 8192;

    /// <summary>Reads a list that has been checked.</summary>
    /// <param name="text">The list; spaces around a part do not count.</param>
    /// <returns>A bit for each number below <see cref="Most"/>, whole 8 bytes.</returns>
    public static byte[] Parse(string text)
    {
        byte[] mask = new byte[Most / 8];
        int last = 0;
        foreach (string part in text.Split(','))
        {
            string[] pieces = part.Trim().Split(':');
            string[] ends = pieces[0].Split('-');
            int from = Number(ends[0]), to = Math.Min(Number(ends[^1]), Most - 1);
            string[] group = pieces.Length > 1 ? pieces[1].Split('/') : ["1", "1"];
            int used = Number(group[0]), size = Number(group[^1]);
            for (int i = from; i <= to; i++)
            {
                if ((i - from) % size >= used) continue;
                mask[i / 8] |= (byte)(1 << (i % 8));
                last = Math.Max(last, i);
            }
        }
        return mask[..((last / 64 + 1) * 8)];
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
