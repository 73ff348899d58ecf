using System.Text;
using Littlebox.Boot;

namespace Littlebox.Plan.Explain;

/// <summary>A plan as text for people.</summary>
public static class PlanText
{
    /// <summary>Prints each step: number, title, where it runs, why, the system calls, what a person would type.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="colour">Mark titles and commands with terminal colours.</param>
    public static string Of(ContainerPlan plan, bool colour)
    {
        var text = new StringBuilder();
        ILookup<int, string> inside = plan.Compile(keepsText: true).Describe().ToLookup(static operation => operation.Step, static operation => operation.Text);
        Place? place = null;
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            Step step = plan.Steps[i];
            if (place != step.Where)
            {
                place = step.Where;
                text.Append(i == 0 ? "" : "\n").Append(Paint(step.Where == Place.Host ? "On the host" : "Inside the container", "1;36", colour)).Append('\n');
            }
            text.Append('\n').Append(Paint($"{i + 1,3}. {step.Title}", "1", colour));
            if (step.Field is not null) text.Append(Paint($"  ({step.Field})", "2", colour));
            text.Append('\n');
            Wrapped(text, step.Why);
            foreach (string call in CallsOf(step, inside[i])) text.Append("     ").Append(call).Append('\n');
            foreach (string line in step.Shell()) text.Append(Paint("     $ " + line, "32", colour)).Append('\n');
        }
        return text.ToString();
    }

    internal static IEnumerable<string> CallsOf(Step step, IEnumerable<string> inside) => step is HostStep host ? host.Calls() : inside;

    private static string Paint(string text, string code, bool colour) => colour ? $"\e[{code}m{text}\e[0m" : text;

    private static void Wrapped(StringBuilder text, string words)
    {
        int column = 5;
        text.Append("    ");
        foreach (string word in words.Split(' '))
        {
            if (column + word.Length > 100)
            {
                text.Append("\n    ");
                column = 5;
            }
            text.Append(' ').Append(word);
            column += word.Length + 1;
        }
        text.Append('\n');
    }
}
