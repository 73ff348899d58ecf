using Littlebox.Linux;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>run</c> in the foreground: what it created it starts, waits for, and removes.</summary>
public static class OciRun
{
    private static readonly int[] Forwarded = [Signal.Hangup, Signal.Interrupt, Signal.Quit, 10, 12, Signal.Terminate, Signal.Continue];

    /// <summary>Starts a container that this process has created, and waits for its end.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="state">What <see cref="OciCreate"/> returned.</param>
    /// <param name="keep">Leave its directory.</param>
    /// <returns>The exit code of its program: 128+n where a signal ended it.</returns>
    public static int StartAndWait(OciStore store, OciContainerState state, bool keep)
    {
        using var signals = new SignalPipe();
        foreach (int signal in Forwarded) signals.Catch(signal);
        try
        {
            OciStart.Start(store, state.Id);
            using var process = new Descriptor(Kernel.PidfdOpen(state.Pid));
            Span<PollDescriptor> polled = stackalloc PollDescriptor[2];
            while (true)
            {
                polled[0] = new PollDescriptor { Descriptor = process.Number, Events = PollEvents.Readable };
                polled[1] = new PollDescriptor { Descriptor = signals.Number, Events = PollEvents.Readable };
                Kernel.Poll(polled);
                for (int signal = signals.Next(); signal != 0; signal = signals.Next()) Kernel.TryPidfdSendSignal(process.Number, signal);
                if (polled[0].Returned != PollEvents.None) return Kernel.Wait(state.Pid).ExitCode;
            }
        }
        finally
        {
            if (!keep) OciKill.Delete(store, state.Id, force: true);
        }
    }
}
