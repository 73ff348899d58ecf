namespace Littlebox.Linux.Text;

/// <summary>Names that are bytes, as the kernel has them: a file name need not be UTF-8, and a string would not give it back.</summary>
public static class BytesZ
{
    /// <summary>The bytes with a NUL behind.</summary>
    /// <exception cref="ArgumentException">They contain a NUL, so that the kernel would see only what stands before it.</exception>
    public static byte[] Of(ReadOnlySpan<byte> value)
    {
        if (value.Contains((byte)0)) throw new ArgumentException($"{Strace.Quote(value)} contains a NUL character, which no name or path may", nameof(value));
        byte[] bytes = new byte[value.Length + 1];
        value.CopyTo(bytes);
        return bytes;
    }
}
