using System.Diagnostics;
using Littlebox.Engine.Options;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Plan.Trace;
using Littlebox.Runtime;
using Littlebox.Runtime.Foreground;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Engine;

/// <summary>How a plan is run: with times, with a fault, with stops between the steps.</summary>
public sealed record RunMode
{
    /// <summary>Gets the times of all steps when the container has ended; <c>null</c> measures nothing.</summary>
    public Action<IReadOnlyList<StepTime>>? OnTrace { get; init; }

    /// <summary>A fault to inject.</summary>
    public Fault? Fault { get; init; }

    /// <summary>Called before each step. It may throw to stop; then everything is undone.</summary>
    public Action<StepStop>? OnStep { get; init; }
}

/// <summary>Runs a container in the foreground, from its request to its exit code. Nothing of it is left afterwards.</summary>
public static class ContainerRunner
{
    // The field of the step that executes the command.
    private const string ExecuteField = "COMMAND";

    /// <summary>Runs a container.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="store">Where its directory goes.</param>
    /// <param name="pidFile">A file for the pid of its first process, or <c>null</c>.</param>
    /// <param name="mode">How to run the plan.</param>
    /// <returns>The exit code of the command: 128+n where a signal ended it.</returns>
    /// <exception cref="LittleboxException">It could not be started; everything is undone.</exception>
    public static int Run(ContainerRequest request, StateStore store, string? pidFile, RunMode mode)
    {
        using var attendant = new Attendant(request.Terminal, request.KeepInput, firstOfNamespace: !request.Init && request.Namespaces.Pid.Source == NamespaceSource.Private) { LateInput = mode.OnStep is not null };
        ContainerLaunch launch = null!;
        launch = new ContainerLaunch(request, store)
        {
            Fault = mode.Fault,
            Traced = mode.OnTrace is not null,
            ReportSteps = mode.OnStep is not null,
            OnStarted = session => Connect(session, attendant, launch, request.Command, request.Environment, mode),
        };
        return Attend(launch, attendant, pidFile, mode);
    }

    /// <summary>Runs a second process in a container; parameters and result as of <see cref="Run"/>.</summary>
    public static int Exec(ExecRequest request, string? pidFile, RunMode mode)
    {
        using var attendant = new Attendant(request.Terminal, request.KeepInput, firstOfNamespace: false) { LateInput = mode.OnStep is not null };
        ExecLaunch launch = null!;
        launch = new ExecLaunch(request)
        {
            Fault = mode.Fault,
            Traced = mode.OnTrace is not null,
            ReportSteps = mode.OnStep is not null,
            OnStarted = session => Connect(session, attendant, launch, request.Command, request.Environment, mode),
        };
        return Attend(launch, attendant, pidFile, mode);
    }

    private static void Connect(ChildSession session, Attendant attendant, Launch launch, IReadOnlyList<string> command, IReadOnlyList<string> environment, RunMode mode)
    {
        session.OnConsole = attendant.TakeTerminal;
        session.OnFailure = (step, child) => step.Field == ExecuteField && mode.Fault is null
            ? CommandDiagnosis.Of(child, command[0], ExecutablePath.Candidates(command[0], environment)) : null;
        if (mode.OnStep is not null) session.OnStep = index => mode.OnStep(new StepStop(index, launch.Plan, session.Child.Pid, attendant));
    }

    private static int Attend(Launch launch, Attendant attendant, string? pidFile, RunMode mode)
    {
        if (pidFile is not null) launch.AddPidFile(pidFile);
        PlanTrace? trace = mode.OnTrace is null ? null : new PlanTrace(launch.Plan);
        using var runner = new PlanRunner(launch.Plan)
        {
            Fault = mode.Fault,
            OnTime = trace is null ? null : trace.Add,
            OnStep = mode.OnStep is null ? null : index => mode.OnStep(new StepStop(index, launch.Plan, launch.Session?.Child.Pid ?? 0, attendant)),
        };
        runner.Run();

        long executed = 0;
        launch.Ended = attendant.Attend(launch.Session!, () => executed = Stopwatch.GetTimestamp());
        if (trace is not null)
        {
            trace.AddInside(launch.Session!.Child, launch.Program!, executed == 0 ? Stopwatch.GetTimestamp() : executed);
            mode.OnTrace!(trace.Times());
        }
        return launch.Ended.Value.ExitCode;
    }
}
