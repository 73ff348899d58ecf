using System.Diagnostics;
using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;
using Littlebox.Plan.Trace;
using Littlebox.Runtime.Oci.HookRuns;
using Littlebox.Runtime.Oci.State;
using Littlebox.Runtime.State;

namespace Littlebox.Runtime.Oci.Life;

/// <summary><c>create</c>: a container is made, up to its program (runtime-spec, runtime.md, Create). What is left behind is its first process, which waits for <c>start</c>.</summary>
public static class OciCreate
{
    /// <summary>Creates a container.</summary>
    /// <param name="store">Where its directory goes.</param>
    /// <param name="id">Its id.</param>
    /// <param name="bundle">Absolute path of the bundle.</param>
    /// <param name="spec">Its document, checked (<see cref="SpecChecker"/>).</param>
    /// <param name="config">The document's bytes, which are kept.</param>
    /// <param name="options">What the command line says.</param>
    /// <param name="onConsole">Gets the terminal's master; owned by the callee.</param>
    /// <returns>What has been written down.</returns>
    /// <exception cref="LittleboxException">It could not be made; nothing is left.</exception>
    public static OciContainerState Create(OciStore store, string id, string bundle, Spec spec, ReadOnlySpan<byte> config, OciOptions options, Action<Descriptor>? onConsole)
    {
        if (spec.Process is { Terminal: true } && onConsole is null)
            throw new LittleboxException(ErrorKind.InvalidArgument, "config.json: /process/terminal: a terminal needs somebody to take it: --console-socket, or run in the foreground");
        OciHostChecks.Check(spec, bundle);
        using OciDirectory directory = OciLeftovers.Make(store, id);
        int child = 0;
        OciLaunch? launch = null;
        using var hooks = new InsideHooks(new HookState(spec, id, bundle), () => child);
        try
        {
            SmallFile.Replace(directory.Number, "config.json", config);
            using Descriptor listener = Kernel.ListenAt(directory.ShortPath(OciStore.StartSocket));
            launch = new OciLaunch(spec, bundle, id, listener, options with { CGroupName = store.CGroupNameOf(id) })
            {
                Traced = options.OnTrace is not null,
                OnStarted = session =>
                {
                    session.OnConsole = onConsole;
                    // The child may clone itself once more, and has another number then.
                    session.OnHook = (kind, number, passed) =>
                    {
                        // So that a hook can ask for the state, and somebody else end the container, should we die.
                        if (!hooks.Began) directory.Write(State(session.Child.Pid) with { Creating = true });
                        child = session.Child.Pid;
                        hooks.Handle(kind, number, passed, session.Child.Answer, session.Child.Answer);
                    };
                    session.OnFailure = (step, child) => step.Field == OciProcessSteps.FindField ? NotThere(spec, child) : null;
                },
            };
            launch.CGroups.OnPlaces = (paths, manager) => directory.Write(new CGroupNote(manager, paths));
            options.Fault?.CheckIn(launch.Plan);
            PlanTrace? trace = options.OnTrace is null ? null : new PlanTrace(launch.Plan);
            using var runner = new PlanRunner(launch.Plan) { Fault = options.Fault, OnTime = trace is null ? null : trace.Add };
            runner.Run();
            // Made while the child is still at work; where it has ended already, its last message says why.
            OciContainerState? early = ProcessIdentity.StartTicks(launch.Session!.Child.Pid) is not null ? State(launch.Session.Child.Pid) : null;
            byte[]? written = early?.ToJson();
            launch.AwaitCreated();
            if (trace is not null)
            {
                trace.AddInside(launch.Session.Child, launch.Program!, Stopwatch.GetTimestamp());
                options.OnTrace!(trace.Times());
            }
            OciContainerState state = early ?? State(launch.Session.Child.Pid);
            directory.Write(state, written ?? state.ToJson());
            launch.Release();
            runner.Keep();
            return state;
        }
        catch
        {
            directory.Remove();
            // What a hook has set up before is taken down by these (runtime.md, Lifecycle: a hook that fails continues it where the container is destroyed).
            if (hooks.Began) new RuntimeHooks(new HookState(spec, id, bundle)).RunAll(HookPoint.Poststop, OciStatus.Stopped, pid: null, store.Warn);
            throw;
        }

        OciContainerState State(int pid) => new()
        {
            Id = id,
            Pid = pid,
            StartTicks = ProcessIdentity.StartTicks(pid) ?? throw new LittleboxException(ErrorKind.SystemError, "the container's first process has ended before it could be started"),
            Bundle = bundle,
            Rootfs = Path.GetFullPath(spec.Root.Path, bundle),
            Created = DateTime.UtcNow.ToString("O"),
            Owner = (int)Kernel.EffectiveUid,
            OciVersion = spec.OciVersion,
            Annotations = spec.Annotations,
            CGroups = launch!.CGroups.Paths,
            CGroupManager = launch.CGroups.Manager,
            NoNewKeyring = options.NoNewKeyring,
            HasHooks = spec.Hooks.StartContainer.Count + spec.Hooks.Poststart.Count + spec.Hooks.Poststop.Count > 0,
            HasNoProgram = spec.Process is null,
        };
    }

    private static LittleboxException? NotThere(Spec spec, BootChild child)
    {
        string command = spec.Process!.Args[0];
        return OciCommandError.Of(command, child.Error, CommandDiagnosis.Of(child, command, ExecutablePath.Candidates(command, spec.Process.Env)));
    }
}
