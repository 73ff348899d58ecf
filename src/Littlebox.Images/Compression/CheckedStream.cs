using ZstdSharp;

namespace Littlebox.Images.Compression;

/// <summary>Gives the errors of the decompressors one type and one sentence.</summary>
internal sealed class CheckedStream(string form, Stream inner) : ReadingStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (EndOfStreamException)
        {
            throw new CompressionException($"the {form} data ends too early (cut short?), or something else follows it", isCutShort: true);
        }
        catch (InvalidDataException error)
        {
            throw new CompressionException($"the {form} data is damaged ({error.Message})");
        }
        catch (ZstdException error)
        {
            throw new CompressionException($"the {form} data is damaged ({error.Message})");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
