using Littlebox.Cli.Terminal;
using Littlebox.Engine;
using Littlebox.Engine.Learn;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Plan.Stepping;
using Littlebox.Runtime.Foreground;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs.Learn;

/// <summary>Plays the chapters along the steps of a plan: what it is told is before each step, and when the command runs.</summary>
/// <param name="chapters">All chapters.</param>
/// <param name="first">The first one to be played; the steps before are taken silently.</param>
/// <param name="store">Where the container is.</param>
/// <param name="answers">The user, or <c>null</c> to go on without asking.</param>
internal sealed class LessonPlayer(Chapter[] chapters, int first, StateStore store, Answers? answers)
{
    private const string Go = "Enter takes the steps, s opens a shell here, q ends", Next = "Enter goes on, s opens a shell here, q ends";

    private readonly LessonPage page = new(Style.For(Output.Out), Math.Clamp(Output.Columns(Output.Out), 40, 100));
    private Dictionary<int, int>? beginnings;
    private ILookup<int, string>? calls;
    private KernelState? before;
    private int current = -1;

    private bool Playing => current >= first;

    /// <summary>Called before each step.</summary>
    public void BeforeStep(StepStop stop)
    {
        beginnings ??= Locate(stop.Plan);
        if (stop.Signals.Interrupted()) throw new LessonEnded(130);
        if (beginnings.TryGetValue(stop.Index, out int next) && next > current)
        {
            EndOfSteps(stop.Pid, stop.Signals);
            current = next;
            if (Playing) Begin(stop.Pid, stop.Signals);
        }
        if (Playing) Output.Write(page.Step(stop.Plan, stop.Index, calls![stop.Index]));
    }

    /// <summary>Called when the command runs: the last two chapters.</summary>
    public void WhileRunning(LessonContainer container)
    {
        if (Playing) Inodes(container);
        current = chapters.Length - 1;
        Output.Write(page.Heading(chapters[current], current + 1, chapters.Length));
        new PermanentLesson(page, store, (prompt, shell) => Ask(prompt, container.Signals, shell)).Play(container);
        Output.Write(page.End());
    }

    // The chapters by the indices of the steps that they begin with.
    private Dictionary<int, int> Locate(ContainerPlan plan)
    {
        calls = plan.Compile(keepsText: true).Describe().Concat(plan.Steps.SelectMany(static (step, index) => step is HostStep host ? host.Calls().Select(call => (index, call)) : []))
            .ToLookup(static operation => operation.Item1, static operation => operation.Item2);
        var found = new Dictionary<int, int> { [0] = 0 };
        for (int chapter = 1; chapter < chapters.Length; chapter++)
        {
            if (chapters[chapter].Call is not { } call) continue;
            int step = Enumerable.Range(0, plan.Steps.Count).First(index => plan.Steps[index].Where == Place.Inside && calls[index].Any(text => text.StartsWith(call, StringComparison.Ordinal)));
            found.Add(step, chapter);
        }
        return found;
    }

    private void Begin(int pid, ISignalWatch signals)
    {
        before = KernelState.Of(pid);
        Output.Write(page.Heading(chapters[current], current + 1, chapters.Length));
        Output.Write(page.Before(before));
        Ask(Go, signals, () => StepShell.Run(pid, 0, Prompt));
    }

    private void EndOfSteps(int pid, ISignalWatch signals)
    {
        if (!Playing || before is null) return;
        KernelState after = KernelState.Of(pid);
        Output.Write(page.After(before, after, chapters[current]));
        Output.Write(page.Try(chapters[current]));
        Ask(Next, signals, () => StepShell.Run(pid, 0, Prompt));
    }

    private void Inodes(LessonContainer container)
    {
        KernelState after = KernelState.Of(container.Pid);
        Output.Write(page.After(before!, after, chapters[current]));
        Output.Write(NamespaceTables.List(container.Pid, page));
        Output.Write(NamespaceTables.Compare(container.Pid, container.Name, page));
        Output.Write(page.Try(chapters[current], container.Name));
        Ask(Next, container.Signals, () => StepShell.Run(container.Pid, 0, Prompt));
    }

    private static string Prompt => "[littlebox learn] \\w # ";

    private void Ask(string prompt, ISignalWatch signals, Action shell)
    {
        if (signals.Interrupted()) throw new LessonEnded(130);
        if (answers is null) return;
        while (true)
        {
            Output.Write(page.Prompt(prompt));
            switch (answers.Next(signals)?.Trim())
            {
                case "" or "n" or "next": return;
                case "s" or "shell":
                    try
                    {
                        shell();
                    }
                    catch (LittleboxException failure)
                    {
                        Output.WriteLine(page.Failure(failure));
                    }
                    // Ctrl-C in the shell was for the shell.
                    signals.Interrupted();
                    break;
                case null: throw new LessonEnded(answers.Interrupted ? 130 : 0);
                case "q" or "quit": throw new LessonEnded(0);
            }
        }
    }
}
