using System.Text;
using Littlebox.Engine;
using Littlebox.Linux;
using Littlebox.Runtime.Foreground;

namespace Littlebox.Cli.Terminal;

/// <summary>
/// Lines that the user types. They are read byte by byte, so that what follows the line stays for whoever reads next: a shell, the container.
/// </summary>
internal sealed class Answers : IDisposable
{
    private const int Input = 0;

    private readonly Descriptor? own;

    private Answers(Descriptor? own) => this.own = own;

    /// <summary>The descriptor that is read.</summary>
    public int Number => own?.Number ?? Input;

    /// <summary>A signal has asked to stop.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>Standard input.</summary>
    public static Answers OfInput() => new(null);

    /// <summary>The terminal of this session, where standard input is it or belongs to somebody else; standard input where there is no terminal.</summary>
    /// <param name="inputIsTaken">Standard input belongs to the container.</param>
    public static Answers OfTerminal(bool inputIsTaken)
    {
        if (!inputIsTaken && !Kernel.IsTerminal(Input)) return new Answers(null);
        int terminal = Kernel.TryOpenAt2(Linux.Text.Strace.CurrentDirectory, "/dev/tty", OpenFlags.ReadWrite);
        return new Answers(terminal < 0 ? null : new Descriptor(terminal));
    }

    /// <summary>The next line without its end; <c>null</c> at the end of the input, or when a signal asks to stop.</summary>
    public string? Next(ISignalWatch signals)
    {
        var line = new List<byte>();
        Span<byte> one = stackalloc byte[1];
        Span<PollDescriptor> polled = stackalloc PollDescriptor[2];
        while (true)
        {
            polled[0] = new PollDescriptor { Descriptor = Number, Events = PollEvents.Readable };
            polled[1] = new PollDescriptor { Descriptor = signals.Number, Events = PollEvents.Readable };
            Kernel.Poll(polled);
            if (polled[1].Returned != PollEvents.None && signals.Interrupted())
            {
                Interrupted = true;
                return null;
            }
            if (polled[0].Returned == PollEvents.None) continue;
            int read = Kernel.TryRead(Number, one);
            if (read <= 0) return line.Count > 0 && read == 0 ? Encoding.UTF8.GetString([.. line]) : null;
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]);
            line.Add(one[0]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => own?.Dispose();
}
