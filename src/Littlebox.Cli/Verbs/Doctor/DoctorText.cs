using System.Text;
using Littlebox.Cli.Help;
using Littlebox.Cli.Terminal;
using Littlebox.Engine.Doctor;

namespace Littlebox.Cli.Verbs.Doctor;

/// <summary>Findings for people: a line for each, the command that mends it below, and in the end the verdict.</summary>
internal static class DoctorText
{
    private const int LeastWidth = 40, MostWidth = 160;

    /// <summary>The text.</summary>
    public static string Of(IReadOnlyList<Finding> findings, int columns, Style style)
    {
        int width = Math.Clamp(columns, LeastWidth, MostWidth), name = findings.Max(static finding => finding.Name.Length);
        var text = new StringBuilder();
        foreach (IGrouping<string, Finding> group in findings.GroupBy(static finding => finding.Group))
        {
            text.Append(style.Bold(group.Key)).Append('\n');
            foreach (Finding finding in group) Line(text, finding, name, width, style);
        }
        return text.Append('\n').Append(Verdict(findings, style)).ToString();
    }

    private static void Line(StringBuilder text, Finding finding, int name, int width, Style style)
    {
        (string mark, string weight) = finding switch
        {
            { Works: true } => (style.Green("yes "), ""),
            { Works: null } => (style.Faint(" -  "), ""),
            { Weight: Weight.Needed } => (style.Red("NO  "), "needed: "),
            { Weight: Weight.Used } => (style.Yellow("no  "), "used when there: "),
            _ => (style.Faint("no  "), "later: "),
        };
        text.Append("  ").Append(mark).Append(finding.Name.PadRight(name + 2));
        var detail = new StringBuilder();
        TextLayout.Wrap(detail, weight + TextTable.Clean(finding.Detail), name + 8, width);
        text.Append(detail.ToString().TrimStart());
        if (finding.Remedy is { } remedy) text.Append(' ', name + 8).Append(style.Bold($"$ {remedy}")).Append('\n');
    }

    private static string Verdict(IReadOnlyList<Finding> findings, Style style)
    {
        string[] missing = [.. findings.Where(static finding => finding is { Prevents: true, Follows: false }).Select(static finding => finding.Group is "namespaces" ? $"{finding.Name} namespaces" : finding.Name)];
        return missing.Length == 0
            ? style.Green("Containers can run here.") + "\n"
            : style.Red($"Containers cannot run here: {string.Join(", ", missing)} {(missing.Length == 1 && !missing[0].EndsWith('s') ? "is" : "are")} missing.") + "\n";
    }
}
