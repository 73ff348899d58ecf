using System.Globalization;
using Littlebox.Linux;
using Littlebox.Plan;

namespace Littlebox.Runtime.Foreground;

/// <summary>
/// Stays with a container's process until it ends: reads its messages, forwards signals, carries its terminal. One thread, one poll; for one process.
/// </summary>
public sealed class Attendant : ISignalWatch, IDisposable
{
    private static readonly int[] Forwarded = [Signal.Hangup, Signal.Interrupt, Signal.Quit, 10, 12, Signal.Terminate, Signal.Continue];

    // As runc does, all but SIGCHLD, SIGURG and SIGWINCH; those that a process gets for what it does itself (SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE, SIGSYS); those of job
    // control, which belong to this process's own terminal; and the first of the real-time ones, by which .NET stops its threads.
    private static readonly int[] AllForwarded = [.. Forwarded, 14, 16, 24, 25, 26, 27, 29, 30, .. Enumerable.Range(35, 30)];

    private readonly SignalPipe signals = new();
    private readonly bool firstOfNamespace;
    private readonly bool reaps;
    private readonly bool input;
    private Relay? relay;
    private TerminalGuard? guard;
    private int endedBy;

    /// <summary>Makes it; from here on signals are caught, so that none is lost between the start and the wait.</summary>
    /// <param name="terminal">The process has a terminal of its own.</param>
    /// <param name="input">Standard input goes to it.</param>
    /// <param name="firstOfNamespace">The process is process 1 of a pid namespace, which signals without a handler do not reach.</param>
    /// <param name="allSignals">Forward all signals that can be, and not only those that people send to a program in the foreground.</param>
    /// <param name="reaps">What loses its parent in the container becomes a child of this process, which reaps it (PR_SET_CHILD_SUBREAPER).</param>
    public Attendant(bool terminal, bool input, bool firstOfNamespace, bool allSignals = false, bool reaps = false)
    {
        this.reaps = reaps;
        this.input = input;
        this.firstOfNamespace = firstOfNamespace;
        foreach (int signal in allSignals ? AllForwarded : Forwarded) signals.Catch(signal);
        if (reaps)
        {
            Kernel.BecomeSubreaper();
            signals.Catch(Signal.Child);
        }
        if (terminal) signals.Catch(Signal.WindowChange);
    }

    /// <summary>The user's input goes to the process, and his terminal into raw mode, only once the command runs: until then somebody else asks him things.</summary>
    public bool LateInput { get; init; }

    /// <inheritdoc/>
    public int Number => signals.Number;

    /// <inheritdoc/>
    public bool Interrupted()
    {
        bool interrupted = false;
        for (int signal = signals.Next(); signal != 0; signal = signals.Next())
        {
            if (signal == Signal.WindowChange) relay?.CopyWindowSize();
            interrupted |= signal is Signal.Interrupt or Signal.Quit or Signal.Terminate or Signal.Hangup;
        }
        return interrupted;
    }

    /// <summary>Takes the terminal that the child has opened.</summary>
    public void TakeTerminal(Descriptor terminal)
    {
        relay = new Relay(terminal, input);
        if (!LateInput) TakeInput();
    }

    /// <summary>Waits until the process has ended, and reaps it.</summary>
    /// <exception cref="LittleboxException">A step inside failed before the command was executed.</exception>
    public WaitStatus Attend(ChildSession session, Action? onExecuted = null) => Attend(session.Child.Pid, session, onExecuted);

    /// <summary>Waits until a child that has executed its command has ended, and reaps it.</summary>
    public WaitStatus Attend(int pid) => Attend(pid, null, null);

    private WaitStatus Attend(int pid, ChildSession? session, Action? onExecuted)
    {
        using var process = new Descriptor(Kernel.PidfdOpen(pid));
        Span<PollDescriptor> polled = stackalloc PollDescriptor[5];
        while (true)
        {
            (PollDescriptor fromUser, PollDescriptor fromTerminal) = relay?.Wanted() ?? (new PollDescriptor { Descriptor = -1 }, new PollDescriptor { Descriptor = -1 });
            polled[0] = new PollDescriptor { Descriptor = process.Number, Events = PollEvents.Readable };
            polled[1] = new PollDescriptor { Descriptor = signals.Number, Events = PollEvents.Readable };
            polled[2] = new PollDescriptor { Descriptor = session is null or { Closed: true } ? -1 : session.Child.Channel, Events = PollEvents.Readable };
            polled[3] = LateInput && session is { Closed: false } ? new PollDescriptor { Descriptor = -1 } : fromUser;
            polled[4] = fromTerminal;
            Kernel.Poll(polled);

            if (session is not null && polled[2].Returned != PollEvents.None)
            {
                session.Pump();
                if (session.Closed)
                {
                    onExecuted?.Invoke();
                    if (LateInput) TakeInput();
                }
            }
            relay?.Do(polled[3].Returned, polled[4].Returned);
            if (polled[1].Returned != PollEvents.None) Forward(pid);
            if (polled[0].Returned != PollEvents.None)
            {
                // A message may have come with the end: a step that failed, and a child that was let go.
                session?.Pump();
                WaitStatus status = Kernel.Wait(pid);
                relay?.Drain();
                return endedBy != 0 && status.Signal == Signal.Kill ? new WaitStatus(endedBy) : status;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        guard?.Dispose();
        relay?.Dispose();
        signals.Dispose();
    }

    private void TakeInput()
    {
        if (input && relay is not null) guard ??= TerminalGuard.Raw(0);
    }

    private void Forward(int pid)
    {
        for (int signal = signals.Next(); signal != 0; signal = signals.Next())
        {
            if (signal == Signal.WindowChange)
            {
                relay?.CopyWindowSize();
                continue;
            }
            if (signal == Signal.Child)
            {
                if (reaps) Reap(pid);
                continue;
            }
            if (firstOfNamespace && signal != Signal.Continue && WouldBeLost(pid, signal))
            {
                // The kernel keeps signals that process 1 has no handler for from it. Anywhere else the signal would have ended the process: so it does here.
                endedBy = signal;
                Kernel.TryKill(pid, Signal.Kill);
                continue;
            }
            Kernel.TryKill(pid, signal);
        }
    }

    // All but the process itself, whose end is looked for elsewhere.
    private static void Reap(int process)
    {
        while (Kernel.TryPeekEnded() is > 0 and var ended && ended != process) Kernel.TryWait(ended, out _, wait: false);
    }

    private static bool WouldBeLost(int pid, int signal)
    {
        string status = SmallFile.TryReadText($"/proc/{pid}/status") ?? "";
        ulong bit = 1UL << (signal - 1);
        return status.Length > 0 && (Mask(status, "SigCgt:") & bit) == 0 && (Mask(status, "SigIgn:") & bit) == 0 && (Mask(status, "SigBlk:") & bit) == 0;
    }

    private static ulong Mask(string status, string field)
    {
        int at = status.IndexOf(field, StringComparison.Ordinal);
        return at < 0 ? 0 : ulong.Parse(status.AsSpan(at + field.Length, status.IndexOf('\n', at) - at - field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
