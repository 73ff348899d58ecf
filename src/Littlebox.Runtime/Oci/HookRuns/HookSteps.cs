using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.Oci;
using Littlebox.Plan;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>
/// The points of the plan at which hooks run (runtime-spec, runtime.md, Lifecycle). Those of the container's namespaces are clones of the child: they have its namespaces, its cgroups, its user
/// and what else it has become so far; a startContainer hook, which may be a file of the image, has no right that the program does not have.
/// </summary>
internal static class HookSteps
{
    /// <summary>Numbers of <see cref="MessageKind.Hooks"/> below this are points of the runtime's namespaces, the others a hook of the container's each.</summary>
    public const int FirstInside = 1 << 24;

    /// <summary>prestart, createRuntime and createContainer: the root has been furnished, and pivot_root not been done.</summary>
    public static void Create(OciInside inside)
    {
        foreach (HookPoint point in (ReadOnlySpan<HookPoint>)[HookPoint.Prestart, HookPoint.CreateRuntime])
        {
            if (inside.Spec.Hooks.At(point).Count == 0) continue;
            inside.Add($"Let the {point.Name()} hooks run", "in the runtime's namespaces, while the child waits: its namespaces are there, and its root is not changed yet", $"/hooks/{point.Name()}",
                program => program.Report(MessageKind.Hooks, (int)point));
        }
        IReadOnlyList<Hook> hooks = inside.Spec.Hooks.CreateContainer;
        for (int i = 0; i < hooks.Count; i++)
        {
            Hook hook = hooks[i];
            int number = Number(HookPoint.CreateContainer, i);
            inside.Add($"Run createContainer hook #{i}", "in the container's namespaces, by a path of the host: the root is not changed yet", $"/hooks/createContainer/{i}",
                program => Run(program, number, hook, inside.Rootfs, static _ => { }));
        }
    }

    /// <summary>startContainer.</summary>
    /// <param name="inside">The steps.</param>
    /// <param name="limits">The steps that take from the program what it may not have: a hook takes them too, for itself.</param>
    public static void Start(OciInside inside, Func<IEnumerable<InsideStep>> limits)
    {
        IReadOnlyList<Hook> hooks = inside.Spec.Hooks.StartContainer;
        for (int i = 0; i < hooks.Count; i++)
        {
            Hook hook = hooks[i];
            int number = Number(HookPoint.StartContainer, i);
            inside.Add($"Run startContainer hook #{i}", "in the container, by a path of the container, with the rights of its program: that file may be the image's", $"/hooks/startContainer/{i}",
                program => Run(program, number, hook, "/", clone =>
                {
                    foreach (InsideStep limit in limits()) limit.Compile(clone);
                }));
        }
    }

    /// <summary>The hook that a message's number stands for.</summary>
    public static (HookPoint Point, int Index) HookOf(int number) => ((HookPoint)(number >> 24), number & (FirstInside - 1));

    private static int Number(HookPoint point, int index) => (int)point << 24 | index;

    private static void Run(BootBuilder program, int number, Hook hook, string directory, Action<BootBuilder> limit)
    {
        Label clone = new(), end = new();
        program.Report(MessageKind.Hooks, number);
        Register input = program.ReceiveDescriptor("state"), output = program.ReceiveDescriptor("output");
        program.CheckHost();
        Register process = program.Fork(clone, out Register pid);
        program.SendDescriptor(MessageKind.HookRuns, process);
        // Nobody ends a hook that hangs if the runtime has died: then it ends with the child.
        program.CheckHost();
        program.ReportEnd(MessageKind.HookEnded, pid);
        foreach (Register done in (ReadOnlySpan<Register>)[input, output, process]) program.Call(SystemCallNumber.Close, $"close({done})", done);
        program.Jump(end);
        program.Place(clone);
        HookProgram.Prepare(program, input, output, directory);
        limit(program);
        HookProgram.Execute(program, hook);
        program.Place(end);
    }
}
