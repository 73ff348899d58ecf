using System.Text;

namespace Littlebox.Plan.Explain;

/// <summary>A plan as a bash script for util-linux, which builds the same container.</summary>
public static class PlanScript
{
    /// <summary>
    /// The lines of the host steps before the child is started; then the line of the start step (an unshare command), which runs the lines of the
    /// steps inside in a second bash; then the rest. Where the plan has lines of its own that run the steps inside, those come before the first of these.
    /// </summary>
    public static string Of(ContainerPlan plan)
    {
        var text = new StringBuilder("#!/usr/bin/env bash\n# The same container, by hand, with util-linux.\nset -euo pipefail\n");
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            Step step = plan.Steps[i];
            if (plan.ShellOfInside is null ? i == plan.StartIndex : i > plan.StartIndex && step.Where == Place.Inside && plan.Steps[i - 1].Where == Place.Host)
            {
                AppendDocument(text, plan);
                if (plan.ShellOfInside is { } run) Append(text, "Run the steps inside", [.. run()]);
            }
            if (step.Where == Place.Host) Append(text, step.Title, [.. step.Shell()]);
        }
        return text.ToString();
    }

    private static void AppendDocument(StringBuilder text, ContainerPlan plan)
    {
        var inside = new StringBuilder("set -euo pipefail\n");
        foreach (Step step in plan.Steps.Where(static candidate => candidate.Where == Place.Inside)) Append(inside, step.Title, [.. step.Shell()]);
        // The word that ends the document must not be a line of it.
        string lines = inside.ToString(), end = "INSIDE";
        while (lines.Contains($"\n{end}\n", StringComparison.Ordinal)) end += "_";
        text.Append($"\ninside=$(cat <<'{end}'\n").Append(lines).Append($"{end}\n)\n");
    }

    private static void Append(StringBuilder text, string title, List<string> lines)
    {
        if (lines.Count == 0) return;
        text.Append("\n# ").Append(title).Append('\n');
        foreach (string line in lines) text.Append(line).Append('\n');
    }
}
