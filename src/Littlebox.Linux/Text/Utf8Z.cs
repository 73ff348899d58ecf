namespace Littlebox.Linux.Text;

/// <summary>Strings as the kernel takes them: the bytes of <see cref="SystemText"/> with a NUL behind.</summary>
public static class Utf8Z
{
    /// <summary>The bytes of a string with a NUL behind.</summary>
    /// <exception cref="ArgumentException">The string contains a NUL, so that the kernel would see only what stands before it.</exception>
    public static byte[] Of(string value)
    {
        if (value.Contains('\0')) throw new ArgumentException($"{Strace.Quote(value)} contains a NUL character, which no name, path or argument may", nameof(value));
        byte[] bytes = new byte[SystemText.Count(value) + 1];
        SystemText.Encode(value, bytes);
        return bytes;
    }

    /// <summary>The string that begins at the start of <paramref name="buffer"/> and ends at its first NUL, or at its end.</summary>
    public static string Read(ReadOnlySpan<byte> buffer)
    {
        int end = buffer.IndexOf((byte)0);
        return SystemText.Decode(end < 0 ? buffer : buffer[..end]);
    }
}
