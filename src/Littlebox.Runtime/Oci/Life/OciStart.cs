using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Oci.State;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>start</c>: the program of a created container is executed (runtime-spec, runtime.md, Start).</summary>
public static class OciStart
{
    /// <summary>Starts a container; returns when its program has been executed.</summary>
    /// <exception cref="LittleboxException">It does not exist, is not in the state created, or its program could not be executed.</exception>
    public static void Start(OciStore store, string id)
    {
        using OciDirectory directory = store.Open(id);
        OciStatus status = OciStatusOf.Container(directory, out OciContainerState? state);
        if (status != OciStatus.Created || state is null)
            throw new LittleboxException(ErrorKind.InvalidArgument, $"cannot start container {id}: it is {OciStatusOf.Word(status)}, and only one that has been created can be started");
        using var channel = new BootChannel(Kernel.ConnectTo(directory.ShortPath(OciStore.StartSocket), stream: false));
        // From here on it is started: a second start finds no socket.
        Kernel.TryUnlinkAt(directory.Number, OciStore.StartSocket);
        while (true)
        {
            BootMessage message = channel.Receive(out Descriptor? passed) ?? default;
            passed?.Dispose();
            switch (message.Kind)
            {
                case MessageKind.Closed:
                    return;
                case MessageKind.Failed:
                    throw NotExecuted(store, state, message.Error);
                case MessageKind.Seccomp:
                    GiveListener(store, state, message, channel);
                    break;
                default:
                    channel.Answer();
                    break;
            }
        }
    }

    private static void GiveListener(OciStore store, OciContainerState state, BootMessage message, BootChannel channel)
    {
        try
        {
            SeccompAgent.Serve(OciExec.SpecOf(store, state.Id).Linux.Seccomp!, new(state.OciVersion, state.Id, "created", state.Pid, state.Pid, state.Bundle, state.Annotations), message, channel.Number, channel.Answer);
        }
        catch
        {
            Kernel.TryKill(state.Pid, Signal.Kill);
            throw;
        }
    }

    // The child waits, so that what it sees can be looked at. What failed may be a step before the program, of which nothing more is known than the error.
    private static LittleboxException NotExecuted(OciStore store, OciContainerState state, Errno failure)
    {
        Process process = OciExec.SpecOf(store, state.Id).Process!;
        using RootDirectory? root = OciEnvironment.TryOpen($"/proc/{state.Pid}/root");
        if (root is null) return new LittleboxException(ErrorKind.CommandNotExecutable, $"container {state.Id}: its program could not be executed: {failure.Describe().ToLowerInvariant()}");
        return OciCommandError.Of(process.Args[0], failure, CommandDiagnosis.Of(root, process.Cwd, failure, 0, process.Args[0], ExecutablePath.Candidates(process.Args[0], process.Env)));
    }
}
