using System.Text;
using Littlebox.Linux;
using Littlebox.Plan.Stepping;

namespace Littlebox.Cli.Terminal;

/// <summary>States of the kernel and their differences, as text.</summary>
internal static class StateText
{
    /// <summary>Three lines: whose state it is and its host name, its namespaces (ours faint), its mounts by number.</summary>
    public static string Short(KernelState state, Style style)
    {
        var text = new StringBuilder();
        MountEntry? root = state.Mounts.LastOrDefault(static mount => mount.Place == "/");
        text.Append($"  before    {(state.IsOurs ? "there is no child yet; of littlebox itself" : $"process {state.Pid}")}: host name {Safe(state.HostName ?? "unknown")}, ");
        text.Append($"{state.Mounts.Count} mounts{(root is null ? "" : $", / is {Safe(root.Type)}")}\n");
        text.Append("           ");
        foreach ((NamespaceFlags _, string name) in state.Namespaces)
            text.Append(' ').Append(Kernel.TryReadLink($"/proc/self/ns/{name[..name.IndexOf(':')]}") == name ? style.Faint(name) : style.Bold(name));
        return text.Append('\n').ToString();
    }

    /// <summary>Everything.</summary>
    public static string Whole(KernelState state, Style style)
    {
        var text = new StringBuilder(Short(state, style));
        text.Append("  mounts\n");
        foreach (MountEntry mount in state.Mounts) text.Append("    ").Append(Safe(mount.ToString())).Append('\n');
        text.Append("  process\n");
        foreach ((string name, string value) in state.Facts) text.Append($"    {name}: {Safe(value)}\n");
        foreach ((string number, string target) in state.Descriptors) text.Append($"    descriptor {number}: {Safe(target)}\n");
        return text.ToString();
    }

    /// <summary>One line for each difference; <c>nothing that shows</c> where there is none.</summary>
    /// <param name="changes">The differences.</param>
    /// <param name="most">How many lines at most.</param>
    /// <param name="style">The style.</param>
    public static string Changes(IReadOnlyList<StateChange> changes, int most, Style style)
    {
        if (changes.Count == 0) return style.Faint("  changed   nothing that shows from outside") + "\n";
        var text = new StringBuilder();
        for (int i = 0; i < changes.Count && i < most; i++)
        {
            string line = Safe(changes[i].ToString());
            text.Append(i == 0 ? "  changed   " : "            ");
            text.Append(changes[i].Kind switch { ChangeKind.Appeared => style.Green(line), ChangeKind.Vanished => style.Red(line), _ => style.Yellow(line) }).Append('\n');
        }
        if (changes.Count > most) text.Append($"            … and {changes.Count - most} more; i shows the whole state\n");
        return text.ToString();
    }

    /// <summary>What a container's names are made of must not steer the terminal.</summary>
    public static string Safe(string text) => Linux.Text.Strace.Escape(text).Replace("\\\"", "\"", StringComparison.Ordinal);
}
