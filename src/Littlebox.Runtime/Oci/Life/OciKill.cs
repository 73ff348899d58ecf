using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.CGroups;
using Littlebox.Runtime.Oci.HookRuns;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>kill</c> and <c>delete</c> (runtime-spec, runtime.md, Kill, Delete).</summary>
public static class OciKill
{
    /// <summary>Sends a signal to the first process, or to all of a container.</summary>
    /// <param name="store">Where the container is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="all">To all processes in its cgroups, also where the first one has ended. A SIGKILL goes to all anyway where the others would live on: without a pid namespace of its own.</param>
    /// <exception cref="LittleboxException">It does not exist, or has stopped.</exception>
    public static void Kill(OciStore store, string id, int signal, bool all = false)
    {
        using OciDirectory? unlocked = store.TryOpenUnlocked(id);
        // Somebody works on it, and may wait for a hook for ever: a signal does not wait for that.
        if (unlocked is null && store.Read(id) is { IsAlive: true } busy)
        {
            Send(busy, (busy.Creating || store.WaitsForStart(id)) && Ends(signal) ? Signal.Kill : signal);
            return;
        }
        using OciDirectory? locked = unlocked is null ? store.Open(id) : null;
        OciDirectory directory = unlocked ?? locked!;
        OciStatus status = OciStatusOf.Container(directory, out OciContainerState? state);
        if (state is not null && (all || signal == Signal.Kill && (status is OciStatus.Stopped || !IsFirstOfNamespace(state.Pid))) && status is not OciStatus.Created)
        {
            if (SignalAll(state, signal) || all && status is OciStatus.Stopped) return;
        }
        if (state is null || status is OciStatus.Stopped) throw new LittleboxException(ErrorKind.InvalidArgument, $"container not running: {id} is {OciStatusOf.Word(status)}");
        // The boot program has no handlers: what would end any other process must end this one too.
        Send(state, status is OciStatus.Created && Ends(signal) ? Signal.Kill : signal);
        if (signal == Signal.Kill) Thaw(state);
    }

    /// <summary>Removes a container that has stopped; with <paramref name="force"/> ends it first, and one that does not exist is no error.</summary>
    public static void Delete(OciStore store, string id, bool force)
    {
        OciDirectory directory;
        try
        {
            if (store.TryOpenUnlocked(id) is { } unlocked) directory = unlocked;
            else
            {
                // Whoever works on it has nothing to work on any more, and lets go of the lock.
                if (force && store.Read(id) is { IsAlive: true } busy) End(busy);
                directory = store.Open(id);
            }
        }
        catch (LittleboxException missing) when (force && missing.Kind is ErrorKind.NotFound)
        {
            return;
        }
        Delete(store, directory, force);
    }

    /// <summary>The same for a directory that is open, which is closed.</summary>
    internal static void Delete(OciStore store, OciDirectory directory, bool force)
    {
        Spec? spec;
        OciContainerState? state;
        using (directory)
        {
            OciStatus status = OciStatusOf.Container(directory, out state);
            if (state is not null && status is not OciStatus.Stopped)
            {
                if (!force && status is not OciStatus.Created)
                    throw new LittleboxException(ErrorKind.InvalidArgument, $"cannot delete container {directory.Id} that is not stopped: {OciStatusOf.Word(status)}; kill it first, or delete --force");
                End(state);
            }
            spec = state is { HasHooks: true } ? KeptSpec.Of(directory) : null;
            // The cgroups first: as long as they are there, the record of them has to be.
            if (state is not null) OciCGroups.Remove(state);
            else if (directory.ReadNote() is { } note) OciCGroups.Remove(note);
            directory.Remove();
        }
        if (spec is null || state is null) return;
        new RuntimeHooks(new HookState(spec, state.Id, state.Bundle)).RunAll(HookPoint.Poststop, OciStatus.Stopped, pid: null, store.Warn);
    }

    /// <summary>Ends the first process, and so all of them, and waits for that.</summary>
    internal static void End(OciContainerState state)
    {
        int pidfd = Kernel.TryPidfdOpen(state.Pid);
        if (pidfd < 0) return;
        using var process = new Descriptor(pidfd);
        if (!state.IsAlive) return;
        Kernel.TryPidfdSendSignal(pidfd, Signal.Kill);
        Thaw(state);
        Kernel.Poll([new PollDescriptor { Descriptor = pidfd, Events = PollEvents.Readable }], 10_000);
    }

    // True where there was somebody.
    private static bool SignalAll(OciContainerState state, int signal)
    {
        using ContainerCGroups cgroups = OciCGroups.Open(state);
        if (CGroupProcesses.Of(cgroups).Count == 0) return false;
        if (signal == Signal.Kill) CGroupProcesses.KillAll(cgroups);
        else CGroupProcesses.SignalAll(cgroups, signal);
        return true;
    }

    // With the first process of a pid namespace all others end (pid_namespaces(7)). NSpid: 4711 1
    private static bool IsFirstOfNamespace(int pid)
    {
        foreach (string line in (SmallFile.TryReadText($"/proc/{pid}/status") ?? "").Split('\n'))
        {
            if (line.StartsWith("NSpid:", StringComparison.Ordinal)) return line.EndsWith("\t1", StringComparison.Ordinal);
        }
        return true;
    }

    // In a frozen cgroup of version 1 a killed process ends only when it may run again.
    private static void Thaw(OciContainerState state)
    {
        if (!OciCGroups.IsPaused(state)) return;
        using ContainerCGroups cgroups = OciCGroups.Open(state);
        CGroupFreezer.Thaw(cgroups);
    }

    private static void Send(OciContainerState state, int signal)
    {
        int pidfd = Kernel.TryPidfdOpen(state.Pid);
        // The pidfd holds whoever has that number now; only then look who it is.
        using Descriptor? process = pidfd < 0 ? null : new Descriptor(pidfd);
        if (process is null || !state.IsAlive) throw new LittleboxException(ErrorKind.InvalidArgument, $"container not running: {state.Id}");
        Kernel.TryPidfdSendSignal(pidfd, signal);
    }

    // What ends a process by default, of the signals that people send.
    private static bool Ends(int signal) => signal is Signal.Hangup or Signal.Interrupt or Signal.Quit or Signal.Terminate or 10 or 12 or 14;
}
