using System.Globalization;
using System.Text;
using Littlebox.Cli.Help;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Plan;
using Littlebox.Plan.Stepping;

namespace Littlebox.Cli.Verbs.Learn;

/// <summary>How a lesson looks.</summary>
/// <param name="style">The style.</param>
/// <param name="width">The longest line of a paragraph.</param>
internal sealed class LessonPage(Style style, int width)
{
    private const int Indent = 2, MostCalls = 3, MostChanges = 24;

    /// <summary>Heading, text and commands of a chapter.</summary>
    public string Heading(Chapter chapter, int number, int of)
    {
        var text = new StringBuilder();
        text.Append('\n').Append(style.Bold(string.Create(CultureInfo.InvariantCulture, $"Chapter {number} of {of}: {chapter.Title}"))).Append("\n\n");
        foreach (string paragraph in chapter.Text) Paragraph(text, paragraph);
        if (chapter.ForUsers is { } more && Kernel.EffectiveUid != 0) Paragraph(text, more);
        text.Append("  By hand:\n");
        foreach (string command in chapter.Commands) text.Append(style.Green($"    $ {command}")).Append('\n');
        return text.Append('\n').ToString();
    }

    /// <summary>The kernel's state before the steps.</summary>
    public string Before(KernelState state) => StateText.Short(state, style);

    /// <summary>A step that is being taken, with its first system calls.</summary>
    public string Step(ContainerPlan plan, int index, IEnumerable<string> calls)
    {
        Step step = plan.Steps[index];
        string[] all = [.. calls];
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"  step {index + 1}, {(step.Where == Place.Host ? "on the host" : "inside")}: ")).Append(style.Bold(step.Title)).Append('\n');
        foreach (string call in all.Take(MostCalls)) text.Append(style.Faint($"    {StateText.Safe(call)}".Replace("\\\"", "\"", StringComparison.Ordinal))).Append('\n');
        if (all.Length > MostCalls) text.Append(style.Faint(string.Create(CultureInfo.InvariantCulture, $"    … and {all.Length - MostCalls} more calls"))).Append('\n');
        return text.ToString();
    }

    /// <summary>The kernel's state after the steps, by what has changed.</summary>
    public string After(KernelState before, KernelState after, Chapter chapter)
    {
        var text = new StringBuilder("\n");
        text.Append(StateText.Short(after, style).Replace("  before    ", "  after     ", StringComparison.Ordinal));
        // The descriptors of a child that is half made are its own business.
        StateChange[] changes = [.. StateDifference.Of(before, after).Where(static change => !change.What.StartsWith("descriptor", StringComparison.Ordinal))];
        text.Append(StateText.Changes(changes, MostChanges, style).Replace("; i shows the whole state", "", StringComparison.Ordinal));
        if (!chapter.ShowsMounts) return text.Append('\n').ToString();
        text.Append("\n  All its mounts, from /proc/PID/mountinfo:\n");
        foreach (MountEntry mount in after.Mounts) text.Append("    ").Append(StateText.Safe(mount.ToString())).Append('\n');
        return text.Append('\n').ToString();
    }

    /// <summary>What to try.</summary>
    public string Try(Chapter chapter, string? name = null)
    {
        var text = new StringBuilder();
        foreach (string line in chapter.Try) Paragraph(text, "Try: " + (name is null ? line : line.Replace("NAME", name, StringComparison.Ordinal)));
        return text.ToString();
    }

    /// <summary>A paragraph.</summary>
    public string Say(string words)
    {
        var text = new StringBuilder();
        Paragraph(text, words);
        return text.ToString();
    }

    /// <summary>A table, moved in.</summary>
    public string Table(string heading, string table) => $"  {style.Green(heading)}\n    {table.TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal)}\n\n";

    /// <summary>The question.</summary>
    public string Prompt(string words) => style.Bold($"  [{words}] ");

    /// <summary>An error, beneath which the lesson goes on.</summary>
    public string Failure(LittleboxException failure) => $"  {StateText.Safe(failure.Message)}" + string.Concat(failure.Details.Select(static detail => $"\n    {StateText.Safe(detail)}"));

    /// <summary>The last words.</summary>
    public string End() => "\n" + style.Bold("That is a container.") + "\n\n" + Say("Nothing of it is left: no process, no mount, no namespace. To go on: 'littlebox explain run' prints all the steps with their reasons, "
        + "'littlebox run --step' takes them one at a time, 'littlebox explain --as-shell run' prints them as a script, and 'littlebox ns ls' shows the namespaces of this machine.");

    private void Paragraph(StringBuilder text, string paragraph)
    {
        TextLayout.Wrap(text, paragraph, Indent, width);
        text.Append('\n');
    }
}
