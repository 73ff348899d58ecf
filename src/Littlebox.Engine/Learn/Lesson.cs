using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Runtime;
using Littlebox.Runtime.Foreground;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Engine.Learn;

/// <summary>A container that runs for a lesson.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pid">Its first process.</param>
/// <param name="Signals">The signals that come meanwhile.</param>
/// <param name="End">Ends it, and removes all of it, as at the end of every container. Nothing happens the second time.</param>
public sealed record LessonContainer(string Name, int Pid, ISignalWatch Signals, Action End);

/// <summary>
/// One container from its first step to its end, for somebody who looks on: the plan of <c>run</c>, with a stop before each step and one more when
/// the command runs.
/// </summary>
public static class Lesson
{
    /// <summary>Runs it. Whatever <paramref name="onStep"/> and <paramref name="onRunning"/> throw ends the container, and nothing of it is left.</summary>
    /// <param name="request">The container; its command should wait.</param>
    /// <param name="store">Where its directory goes.</param>
    /// <param name="onStep">Called before each step.</param>
    /// <param name="onRunning">Called once the command runs; afterwards the container is ended.</param>
    /// <exception cref="LittleboxException">A step failed.</exception>
    public static void Run(ContainerRequest request, StateStore store, Action<StepStop> onStep, Action<LessonContainer> onRunning)
    {
        using var attendant = new Attendant(terminal: false, input: false, firstOfNamespace: true);
        ContainerLaunch launch = null!;
        launch = new ContainerLaunch(request, store) { ReportSteps = true, OnStarted = session => session.OnStep = Stop };
        using var runner = new PlanRunner(launch.Plan) { OnStep = Stop };
        runner.Run();
        // The child closes the channel when it executes its command.
        launch.Session!.Await(MessageKind.Closed);
        onRunning(new LessonContainer(request.Name, launch.Session.Child.Pid, attendant, runner.Undo));

        void Stop(int index) => onStep(new StepStop(index, launch.Plan, launch.Session?.Child.Pid ?? 0, attendant));
    }
}
