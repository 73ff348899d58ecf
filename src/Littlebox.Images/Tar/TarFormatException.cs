using Littlebox.Linux;

namespace Littlebox.Images.Tar;

/// <summary>An archive is not what tar(5) says it should be: malformed, or cut short. Nothing that was read before it is withdrawn.</summary>
public sealed class TarFormatException : LittleboxException
{
    /// <summary>Makes the error.</summary>
    /// <param name="problem">What is wrong, as a clause.</param>
    /// <param name="entryName">The entry, quoted for printing; <c>null</c> where none has been read.</param>
    /// <param name="offset">Byte of the unpacked archive where the entry's header begins, or where the reader stood.</param>
    public TarFormatException(string problem, string? entryName, long offset)
        : base(ErrorKind.InvalidArgument, entryName is null
            ? $"the archive is malformed at byte {offset}: {problem}"
            : $"the archive is malformed in {entryName} (byte {offset}): {problem}")
    {
        EntryName = entryName;
        Offset = offset;
    }

    private TarFormatException(string? entryName, long offset, string sentence, bool cutShort)
        : base(ErrorKind.InvalidArgument, sentence)
    {
        EntryName = entryName;
        Offset = offset;
        IsCutShort = cutShort;
    }

    /// <summary>The entry, quoted for printing, or <c>null</c> where none had been read.</summary>
    public string? EntryName { get; }

    /// <summary>Where, in bytes of the unpacked archive.</summary>
    public long Offset { get; }

    /// <summary>True when the archive ends too early.</summary>
    public bool IsCutShort { get; }

    internal static TarFormatException CutShort(string? entryName, long offset) => new(entryName, offset, entryName is null
        ? $"the archive ends at byte {offset}, before its end marker (cut short?): fetch or make it again"
        : $"the archive ends in the middle of {entryName}, at byte {offset} (cut short?): fetch or make it again", cutShort: true);

    internal static TarFormatException NoEndMarker(string? lastEntry, long offset) => new(lastEntry, offset,
        $"the archive ends at byte {offset}{(lastEntry is null ? "" : $", behind {lastEntry},")} without its end marker of zeros (cut short?): fetch or make it again", cutShort: true);
}
