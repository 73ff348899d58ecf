using Littlebox.Linux;

namespace Littlebox.Runtime.Foreground;

/// <summary>Carries bytes between the user's streams and the container's terminal. For one thread, driven by poll.</summary>
public sealed class Relay : IDisposable
{
    private const byte EndOfFile = 4;

    private readonly Descriptor terminal;
    private readonly byte[] pending = new byte[4096];
    private readonly byte[] buffer = new byte[16384];
    private int pendingStart;
    private int pendingEnd;
    private bool inputOpen;
    private bool inLine;

    /// <summary>Takes the container's terminal.</summary>
    /// <param name="terminal">The pty's master; owned from here on.</param>
    /// <param name="input">Carry standard input.</param>
    public Relay(Descriptor terminal, bool input)
    {
        this.terminal = terminal;
        inputOpen = input;
        CopyWindowSize();
    }

    /// <summary>True until the other end has been closed by every process of the container.</summary>
    public bool Open { get; private set; } = true;

    /// <summary>What to poll: the user's input while there is room, and the terminal.</summary>
    public (PollDescriptor Input, PollDescriptor Terminal) Wanted() =>
    (
        new PollDescriptor { Descriptor = inputOpen && pendingEnd == pendingStart ? 0 : -1, Events = PollEvents.Readable },
        new PollDescriptor { Descriptor = Open ? terminal.Number : -1, Events = PollEvents.Readable | (pendingEnd > pendingStart ? PollEvents.Writable : PollEvents.None) }
    );

    /// <summary>Tells the container's terminal the size of the user's.</summary>
    public void CopyWindowSize()
    {
        if (!Open) return;
        if (Kernel.TryGetWindowSize(1, out WindowSize size) || Kernel.TryGetWindowSize(0, out size)) Kernel.SetWindowSize(terminal.Number, size);
    }

    /// <summary>Does what poll has found.</summary>
    public void Do(PollEvents input, PollEvents other)
    {
        if (input != PollEvents.None)
        {
            int read = Kernel.TryRead(0, pending);
            pendingStart = 0;
            pendingEnd = Math.Max(0, read);
            if (read > 0)
            {
                inLine = pending[read - 1] != (byte)'\n';
            }
            else
            {
                inputOpen = false;
                // The end of input is the character for it, as on a terminal (VEOF, Ctrl-D); within a line the first only hands the line over (termios(3)).
                pending.AsSpan(0, 2).Fill(EndOfFile);
                pendingEnd = inLine ? 2 : 1;
            }
        }
        if ((other & PollEvents.Writable) != 0)
        {
            int written = Kernel.TryWrite(terminal.Number, pending.AsSpan(pendingStart, pendingEnd - pendingStart));
            pendingStart = written > 0 ? pendingStart + written : pendingEnd;
        }
        if ((other & (PollEvents.Readable | PollEvents.HungUp | PollEvents.Error)) != 0) Output();
    }

    /// <summary>Carries what the terminal still holds.</summary>
    public void Drain()
    {
        while (Open && Kernel.Poll([new PollDescriptor { Descriptor = terminal.Number, Events = PollEvents.Readable }], 0) > 0) Output();
    }

    /// <inheritdoc/>
    public void Dispose() => terminal.Dispose();

    private void Output()
    {
        int read = Kernel.TryRead(terminal.Number, buffer);
        // EIO: the last process that had the other end open has closed it. And where our own reader has gone, the container's terminal hangs up: whoever
        // writes to it gets an error instead of waiting for ever.
        if (read > 0 && TryWriteAll(buffer.AsSpan(0, read))) return;
        Open = false;
        inputOpen = false;
        pendingStart = pendingEnd = 0;
        terminal.Dispose();
    }

    private static bool TryWriteAll(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int written = Kernel.TryWrite(1, data);
            if (Kernel.ErrorOf(written) is Errno.EAGAIN)
            {
                Kernel.Poll([new PollDescriptor { Descriptor = 1, Events = PollEvents.Writable }]);
                continue;
            }
            if (written <= 0) return false;
            data = data[written..];
        }
        return true;
    }
}
