namespace Littlebox.Linux;

/// <summary>A file descriptor that is closed once, by <see cref="Dispose"/>. All of Littlebox's are close-on-exec from birth. Not for use by two threads at once.</summary>
public sealed class Descriptor : IDisposable
{
    private int number;

    /// <summary>Takes ownership of a descriptor.</summary>
    public Descriptor(int number) => this.number = number;

    /// <summary>The number of the descriptor.</summary>
    /// <exception cref="ObjectDisposedException">It has been closed, or given away.</exception>
    public int Number => number >= 0 ? number : throw new ObjectDisposedException(nameof(Descriptor));

    /// <summary>Gives the descriptor away: the caller closes it.</summary>
    public int Release()
    {
        int released = Number;
        number = -1;
        return released;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (number < 0) return;
        Kernel.Close(number);
        number = -1;
    }
}
