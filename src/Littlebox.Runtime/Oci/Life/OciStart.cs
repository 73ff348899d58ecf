using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Oci.HookRuns;
using Littlebox.Runtime.Oci.State;
using Littlebox.Runtime.Seccomp;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>start</c>: the program of a created container is executed (runtime-spec, runtime.md, Start).</summary>
public static class OciStart
{
    /// <summary>Starts a container; returns when its program has been executed and the poststart hooks have run.</summary>
    /// <exception cref="LittleboxException">It does not exist, is not in the state created, its program could not be executed, or a hook failed; in the last two cases it has stopped.</exception>
    public static void Start(OciStore store, string id)
    {
        OciContainerState state;
        Spec? spec;
        using (OciDirectory directory = store.Open(id))
        {
            OciStatus status = OciStatusOf.Container(directory, out OciContainerState? written);
            if (status != OciStatus.Created || written is null)
            {
                string words = status switch
                {
                    OciStatus.Running => "cannot start an already running container",
                    OciStatus.Stopped => "cannot start a container that has stopped",
                    _ => $"cannot start a container in the {OciStatusOf.Word(status)} state",
                };
                throw new LittleboxException(ErrorKind.InvalidArgument, $"{words}: {id}; only one that has been created can be started");
            }
            if (written.HasNoProgram) throw new ConfigException("config.json", "/process", "nothing", "an object with the program to run: without it a container can be created, and not started");
            state = written;
            spec = state.HasHooks ? KeptSpec.Of(directory) : null;
            Execute(store, directory, state, spec);
        }
        // Without the lock: a hook may call us.
        if (spec is { Hooks.Poststart.Count: > 0 }) Poststart(store, state, spec);
    }

    private static void Execute(OciStore store, OciDirectory directory, OciContainerState state, Spec? spec)
    {
        using var channel = new BootChannel(Kernel.ConnectTo(directory.ShortPath(OciStore.StartSocket), stream: false));
        // From here on it is started: a second start finds no socket.
        Kernel.TryUnlinkAt(directory.Number, OciStore.StartSocket);
        using InsideHooks? hooks = spec is null ? null : new InsideHooks(new HookState(spec, state.Id, state.Bundle), () => state.Pid);
        try
        {
            while (true)
            {
                BootMessage message = channel.Receive(out Descriptor? passed) ?? default;
                switch (message.Kind)
                {
                    case MessageKind.Closed:
                        return;
                    case MessageKind.Failed:
                        throw hooks?.Starting is { } hook ? HookError.NotExecuted(hook.Point, hook.Index, hook.Hook, $"execve({hook.Hook.Path}, …)", message.Error) : NotExecuted(store, state, message);
                    case MessageKind.Die:
                        Kernel.Kill(Kernel.ProcessId, Signal.Kill);
                        break;
                    case MessageKind.Seccomp:
                        GiveListener(store, state, message, channel);
                        break;
                    case MessageKind.Hooks or MessageKind.HookRuns or MessageKind.HookEnded when hooks is not null:
                        hooks.Handle(message.Kind, message.Number, passed, channel.Answer, channel.Answer);
                        break;
                    default:
                        passed?.Dispose();
                        channel.Answer();
                        break;
                }
            }
        }
        catch
        {
            OciKill.End(state);
            throw;
        }
    }

    // "If any poststart hook fails, the runtime MUST generate an error, stop the container" since 1.3.0; before, it "MUST log a warning, but the remaining hooks and lifecycle continue".
    private static void Poststart(OciStore store, OciContainerState state, Spec spec)
    {
        var hooks = new RuntimeHooks(new HookState(spec, state.Id, state.Bundle));
        if (!SpecVersion.IsAtLeast(spec.OciVersion, 1, 3, 0))
        {
            hooks.RunAll(HookPoint.Poststart, OciStatus.Running, state.Pid, store.Warn);
            return;
        }
        try
        {
            hooks.Run(HookPoint.Poststart, OciStatus.Running, state.Pid);
        }
        catch
        {
            OciKill.End(state);
            throw;
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

    // The child waits, so that what it sees can be looked at.
    private static LittleboxException NotExecuted(OciStore store, OciContainerState state, BootMessage message)
    {
        Spec spec = OciExec.SpecOf(store, state.Id);
        Errno failure = message.Error;
        // The program itself is the last operation.
        if (message.Behind > 0 && OciLaunch.FailureAtStart(spec, state.Bundle, message) is { } step) return step;
        Process process = spec.Process!;
        using RootDirectory? root = OciEnvironment.TryOpen($"/proc/{state.Pid}/root");
        if (root is null) return new LittleboxException(ErrorKind.CommandNotExecutable, $"container {state.Id}: its program could not be executed: {failure.Describe().ToLowerInvariant()}");
        return OciCommandError.Of(process.Args[0], failure, CommandDiagnosis.Of(root, process.Cwd, failure, 0, process.Args[0], ExecutablePath.Candidates(process.Args[0], process.Env)));
    }
}
