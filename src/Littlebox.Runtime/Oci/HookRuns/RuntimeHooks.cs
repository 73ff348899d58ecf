using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Runtime.Oci.State;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>Hooks in the runtime's own namespaces: a child of this process each, one after the other.</summary>
/// <param name="state">What they are told.</param>
internal sealed class RuntimeHooks(HookState state)
{
    /// <summary>Runs the hooks of a point.</summary>
    /// <exception cref="LittleboxException">One failed; those behind it have not been run.</exception>
    public void Run(HookPoint point, OciStatus status, int? pid)
    {
        IReadOnlyList<Hook> hooks = state.Spec.Hooks.At(point);
        for (int i = 0; i < hooks.Count; i++) Run(point, i, hooks[i], status, pid);
    }

    /// <summary>Runs the hooks of a point, all of them, whatever becomes of one.</summary>
    /// <param name="point">The point.</param>
    /// <param name="status">In which state the container is.</param>
    /// <param name="pid">Its first process, or <c>null</c>.</param>
    /// <param name="warn">Told of each that failed.</param>
    public void RunAll(HookPoint point, OciStatus status, int? pid, Action<LittleboxException> warn)
    {
        IReadOnlyList<Hook> hooks = state.Spec.Hooks.At(point);
        for (int i = 0; i < hooks.Count; i++)
        {
            try
            {
                Run(point, i, hooks[i], status, pid);
            }
            catch (LittleboxException failure)
            {
                warn(failure);
            }
            catch (SystemCallException failure)
            {
                warn(new LittleboxException(ErrorKind.SystemError, $"error running {point.Name()} hook #{i}: {hooks[i].Path}: {failure.Error.Describe().ToLowerInvariant()}", failure));
            }
        }
    }

    private void Run(HookPoint point, int index, Hook hook, OciStatus status, int? pid)
    {
        using var streams = new HookStreams(state.ToJson(status, pid));
        BootBuilder program = Program(hook, streams);
        // While a container is being made somebody may end it; then nobody waits for its hooks. A hook behind its start may outlive it.
        int first = point is HookPoint.Prestart or HookPoint.CreateRuntime && pid is { } container ? Kernel.TryPidfdOpen(container) : -1;
        using Descriptor? watched = first < 0 ? null : new Descriptor(first);
        using BootChild child = BootChild.Start(program, NamespaceFlags.None, [streams.Input.Number, streams.Output.Number]);
        // From here on it is reaped, whatever happens.
        WaitStatus ended;
        bool inTime = false;
        try
        {
            if (child.Receive(out _, out _) is MessageKind.Ready) child.Answer();
            if (child.Receive(out int operation, out _) is MessageKind.Failed)
                throw HookError.NotExecuted(point, index, hook, Text(hook, streams, child.InProgram(operation)), child.Error);
            using var process = new Descriptor(Kernel.PidfdOpen(child.Pid));
            inTime = HookWait.Ended(hook, process.Number, first);
        }
        finally
        {
            if (!inTime) Kernel.TryKill(child.Pid, Signal.Kill);
            Kernel.TryWait(child.Pid, out ended);
        }
        if (!inTime && first >= 0 && Kernel.Poll([new PollDescriptor { Descriptor = first, Events = PollEvents.Readable }], 0) > 0) throw HookError.Orphaned(point, index, hook, streams.Written());
        if (!inTime) throw HookError.TimedOut(point, index, hook, streams.Written());
        if (ended.Raw != 0) throw HookError.Ended(point, index, hook, ended, streams.Written());
    }

    private BootBuilder Program(Hook hook, HookStreams streams, bool keepsText = false)
    {
        var program = new BootBuilder(keepsText);
        HookProgram.Prepare(program, streams.Input.Number, streams.Output.Number, state.Bundle);
        // Should we have died before it said that it wants to die with us, nobody answers, and it ends.
        program.Report(MessageKind.Ready);
        HookProgram.Execute(program, hook);
        return program;
    }

    private string Text(Hook hook, HookStreams streams, int operation) => Program(hook, streams, keepsText: true).Describe(operation, static register => $"<{register}>");
}
