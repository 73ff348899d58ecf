using Littlebox.Linux;

namespace Littlebox.Images.Compression;

/// <summary>Compressed data is damaged, cut short, or in a form that is not known.</summary>
public sealed class CompressionException(string sentence, bool isCutShort = false) : LittleboxException(ErrorKind.InvalidArgument, sentence)
{
    /// <summary>True when the data ends too early.</summary>
    public bool IsCutShort { get; } = isCutShort;
}
