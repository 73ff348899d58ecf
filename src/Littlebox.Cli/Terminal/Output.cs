using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Cli.Terminal;

/// <summary>
/// Text to standard output and standard error, by write(2): System.Console would cost more than the rest of a short command.
/// Nothing is buffered. Threads: any.
/// </summary>
internal static class Output
{
    /// <summary>The descriptor of standard output.</summary>
    public const int Out = 1;

    /// <summary>The descriptor of standard error.</summary>
    public const int Error = 2;

    /// <summary>Writes text to standard output.</summary>
    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    /// <exception cref="SystemCallException">It cannot be written: a full disk, for instance.</exception>
    public static void Write(string text)
    {
        ReadOnlySpan<byte> rest = SystemText.Bytes(text);
        switch (TryWrite(Out, ref rest))
        {
            case Errno.None: return;
            case Errno.EPIPE: throw new OutputClosedException();
            default: Kernel.Write(Out, rest); return;
        }
    }

    /// <summary>Writes text and a newline to standard output.</summary>
    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    public static void WriteLine(string text) => Write(text + "\n");

    /// <summary>Writes text to standard error, as <see cref="WriteErrorLine"/> does.</summary>
    public static void WriteError(string text)
    {
        ReadOnlySpan<byte> rest = SystemText.Bytes(text);
        _ = TryWrite(Error, ref rest);
    }

    /// <summary>Writes text and a newline to standard error. Where that is impossible there is nobody to tell, so it is let be.</summary>
    public static void WriteErrorLine(string text)
    {
        ReadOnlySpan<byte> rest = SystemText.Bytes(text + "\n");
        _ = TryWrite(Error, ref rest);
    }

    /// <summary>The number of columns of the terminal on that descriptor; 80 where it is none or does not say.</summary>
    public static int Columns(int descriptor) => Kernel.TryGetWindowSize(descriptor, out WindowSize size) && size.Columns > 0 ? size.Columns : 80;

    private static Errno TryWrite(int descriptor, ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            int written = Kernel.TryWrite(descriptor, rest);
            if (written < 0) return Kernel.ErrorOf(written);
            rest = rest[written..];
        }
        return Errno.None;
    }
}
