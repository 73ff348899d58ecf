using Littlebox.Linux;

namespace Littlebox.Images.Compression;

/// <summary>An open file as a stream for reading from its start to its end, with a notice of how far it has come. It does not own the descriptor.</summary>
/// <param name="descriptor">A descriptor that is open for reading.</param>
/// <param name="read">Called behind each read with the number of bytes read so far, by the reading thread.</param>
public sealed class DescriptorStream(int descriptor, Action<long>? read = null) : ReadingStream
{
    private long done;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int length = Kernel.Read(descriptor, buffer);
        done += length;
        read?.Invoke(done);
        return length;
    }
}
