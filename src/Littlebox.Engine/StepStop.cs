using Littlebox.Plan;
using Littlebox.Runtime.Foreground;

namespace Littlebox.Engine;

/// <summary>The place between two steps where a run has stopped. The child, where there is one, waits meanwhile.</summary>
/// <param name="Index">Index of the step that comes next.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Pid">The child, or 0 before it is started.</param>
/// <param name="Signals">The signals that come meanwhile: they go nowhere else.</param>
public sealed record StepStop(int Index, ContainerPlan Plan, int Pid, ISignalWatch Signals);
