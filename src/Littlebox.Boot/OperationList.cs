namespace Littlebox.Boot;

/// <summary>The operations of a program while it is built: in pieces, so that growing copies nothing and no more is cleared than is used. Not for several threads.</summary>
internal sealed class OperationList
{
    private const int PieceLength = 64;

    private readonly List<Operation[]> pieces = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>An operation, to be read or changed in its place.</summary>
    public ref Operation this[int index] => ref pieces[index / PieceLength][index % PieceLength];

    /// <summary>Adds one, all zeros.</summary>
    public ref Operation Add()
    {
        if (Count == pieces.Count * PieceLength) pieces.Add(new Operation[PieceLength]);
        return ref this[Count++];
    }

    /// <summary>Copies all of them.</summary>
    /// <param name="target">As long as <see cref="Count"/> at least.</param>
    public void CopyTo(Span<Operation> target)
    {
        for (int i = 0; i < Count; i += PieceLength) pieces[i / PieceLength].AsSpan(0, Math.Min(PieceLength, Count - i)).CopyTo(target[i..]);
    }
}
