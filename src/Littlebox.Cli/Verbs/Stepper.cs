using System.Text;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Help;
using Littlebox.Cli.Terminal;
using Littlebox.Engine;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Plan.Stepping;

namespace Littlebox.Cli.Verbs;

/// <summary>
/// <c>--step</c>: stops before each step of a plan, shows it and the kernel's state, and asks how to go on. It speaks on standard error, so that the
/// container's output stays by itself.
/// </summary>
internal sealed class Stepper(Answers answers)
{
    private const int MostLines = 14, Indent = 4;

    private const string Keys = "n(ext), c(ontinue), s(hell here), i(nspect), q(uit), h(elp)";

    private readonly Style style = Style.For(Output.Error);
    private KernelState? last;
    private bool going;

    /// <summary>Called before each step.</summary>
    /// <exception cref="CommandException">The user wants no more: exit code 125.</exception>
    public void Stop(StepStop stop)
    {
        if (going) return;
        KernelState now = KernelState.Of(stop.Pid == 0 ? 0 : KernelState.Innermost(stop.Pid));
        if (last is not null) Say(StateText.Changes(StateDifference.Of(last, now), MostLines, style));
        last = now;
        Say(Describe(stop, now));
        Ask(stop, now);
    }

    private void Ask(StepStop stop, KernelState now)
    {
        while (true)
        {
            Output.WriteError(style.Bold($"  step {stop.Index + 1}> "));
            string? answer = answers.Next(stop.Signals);
            switch (answer?.Trim())
            {
                case "" or "n" or "next":
                    if (!Kernel.IsTerminal(answers.Number)) Say("");
                    if (stop.Plan.Steps[stop.Index].Field == "COMMAND") Say(style.Faint("  the command takes over"));
                    return;
                case "c" or "continue":
                    going = true;
                    return;
                case "s" or "shell":
                    Shell(stop);
                    break;
                case "i" or "inspect":
                    Say(StateText.Whole(now, style));
                    break;
                case null or "q" or "quit":
                    if (answer is null) Say("");
                    throw new CommandException($"stopped before step {stop.Index + 1} ({stop.Plan.Steps[stop.Index].Title}), as you asked; what had been done is undone");
                default:
                    Say($"""
                          n, Enter   take this step, and stop before the next
                          c          take all that remain without stopping
                          s          a shell of this machine, {(stop.Pid == 0 ? "on the host: there is no child yet" : "in the namespaces of the child as they are now")}; 'exit' leads back here
                          i          the whole state: every mount, namespace, descriptor
                          q, Ctrl-C  undo everything and end
                        """);
                    break;
            }
        }
    }

    private void Shell(StepStop stop)
    {
        try
        {
            StepShell.Run(stop.Pid, answers.Number, $"[step {stop.Index + 1}] \\w # ");
        }
        catch (LittleboxException failure)
        {
            Say($"  {failure.Message}");
            foreach (string detail in failure.Details) Say($"    {detail}");
        }
        // Ctrl-C in the shell was for the shell.
        stop.Signals.Interrupted();
    }

    private string Describe(StepStop stop, KernelState now)
    {
        Step step = stop.Plan.Steps[stop.Index];
        var text = new StringBuilder();
        string place = step.Where == Place.Host ? "on the host" : "inside the container";
        text.Append('\n').Append(style.Bold($"Step {stop.Index + 1} of {stop.Plan.Steps.Count}, {place}: {step.Title}")).Append('\n');
        TextLayout.Wrap(text, step.Why + (step.Field is null ? "" : $" ({step.Field})"), Indent, Math.Min(100, Output.Columns(Output.Error)));
        AppendLines(text, CallsOf(stop, step), "    ");
        foreach (string line in step.Shell()) text.Append(style.Green($"    $ {line}")).Append('\n');
        text.Append(StateText.Short(now, style));
        text.Append(style.Faint($"  {Keys}"));
        return text.ToString();
    }

    private static IEnumerable<string> CallsOf(StepStop stop, Step step) => step is HostStep host
        ? host.Calls()
        : stop.Plan.Compile(keepsText: true).Describe().Where(operation => operation.Step == stop.Index).Select(static operation => operation.Text);

    private static void AppendLines(StringBuilder text, IEnumerable<string> lines, string indent)
    {
        int count = 0;
        foreach (string line in lines)
        {
            if (++count <= MostLines) text.Append(indent).Append(line).Append('\n');
        }
        if (count > MostLines) text.Append(indent).Append($"… and {count - MostLines} more calls\n");
    }

    private static void Say(string text) => Output.WriteErrorLine(text.TrimEnd('\n'));
}
