using Littlebox.Images.Tar;

namespace Littlebox.Images.Unpack;

/// <summary>
/// A directory that is still open to us alone (0700): its mode and times are set when all is unpacked, since every name made in it changes its time,
/// a mode such as 0555 would keep an ordinary user out, and a default access control list would spread to what is made in it.
/// </summary>
internal readonly record struct PendingDirectory(byte[] Path, int Mode, TarTime? ModifyTime, TarTime? AccessTime, IReadOnlyList<TarAttribute> AccessLists)
{
    /// <summary>How many names deep; the deepest are finished first, while those above can still be passed.</summary>
    public int Depth => Path.Length == 0 ? 0 : Path.AsSpan().Count((byte)'/') + 1;
}
