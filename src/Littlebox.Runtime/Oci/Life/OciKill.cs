using Littlebox.Linux;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>kill</c> and <c>delete</c> (runtime-spec, runtime.md, Kill, Delete).</summary>
public static class OciKill
{
    /// <summary>Sends a signal to the first process.</summary>
    /// <exception cref="LittleboxException">It does not exist, or has stopped.</exception>
    public static void Kill(OciStore store, string id, int signal)
    {
        using OciDirectory directory = store.Open(id);
        OciStatus status = OciStatusOf.Container(directory, out OciContainerState? state);
        if (state is null || status is OciStatus.Stopped) throw new LittleboxException(ErrorKind.InvalidArgument, $"container {id} is not running");
        // The boot program has no handlers: what would end any other process must end this one too.
        Send(state, status is OciStatus.Created && Ends(signal) ? Signal.Kill : signal);
    }

    /// <summary>Removes a container that has stopped; with <paramref name="force"/> ends it first, and one that does not exist is no error.</summary>
    public static void Delete(OciStore store, string id, bool force)
    {
        OciDirectory directory;
        try
        {
            directory = store.Open(id);
        }
        catch (LittleboxException missing) when (force && missing.Kind is ErrorKind.NotFound)
        {
            return;
        }
        using (directory)
        {
            OciStatus status = OciStatusOf.Container(directory, out OciContainerState? state);
            if (state is not null && status is not OciStatus.Stopped)
            {
                if (!force && status is not OciStatus.Created)
                    throw new LittleboxException(ErrorKind.InvalidArgument, $"cannot delete container {id} that is not stopped: it is {OciStatusOf.Word(status)}; kill it first, or delete --force");
                End(state);
            }
            directory.Remove();
        }
    }

    private static void End(OciContainerState state)
    {
        int pidfd = Kernel.TryPidfdOpen(state.Pid);
        if (pidfd < 0) return;
        using var process = new Descriptor(pidfd);
        if (!state.IsAlive) return;
        Kernel.TryPidfdSendSignal(pidfd, Signal.Kill);
        Kernel.Poll([new PollDescriptor { Descriptor = pidfd, Events = PollEvents.Readable }], 10_000);
    }

    private static void Send(OciContainerState state, int signal)
    {
        int pidfd = Kernel.TryPidfdOpen(state.Pid);
        // The pidfd holds whoever has that number now; only then look who it is.
        using Descriptor? process = pidfd < 0 ? null : new Descriptor(pidfd);
        if (process is null || !state.IsAlive) throw new LittleboxException(ErrorKind.InvalidArgument, $"container {state.Id} is not running");
        Kernel.TryPidfdSendSignal(pidfd, signal);
    }

    // What ends a process by default, of the signals that people send.
    private static bool Ends(int signal) => signal is Signal.Hangup or Signal.Interrupt or Signal.Quit or Signal.Terminate or 10 or 12 or 14;
}
