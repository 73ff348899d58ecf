using Littlebox.Linux.Text;
using Littlebox.Runtime;

namespace Littlebox.Engine.Options;

/// <summary>The environment of a command: a small fixed one, and what the user adds. Nothing of littlebox's own comes along.</summary>
public static class EnvironmentBuilder
{
    /// <summary>Builds it.</summary>
    /// <param name="added"><c>-e</c>: <c>NAME=VALUE</c>, or <c>NAME</c> for the value it has here; a name that is not set here is left out.</param>
    /// <param name="home">For HOME.</param>
    /// <param name="hostName">For HOSTNAME.</param>
    /// <param name="terminal">Set TERM.</param>
    public static IReadOnlyList<string> Build(IReadOnlyList<string> added, string home, string hostName, bool terminal)
    {
        List<string> variables = [$"PATH={ExecutablePath.Default}", $"HOSTNAME={hostName}", $"HOME={home}", "container=littlebox"];
        if (terminal) variables.Add("TERM=" + (ProcessText.Variable("TERM") is { Length: > 0 } term ? term : "xterm"));
        foreach (string text in added) Set(variables, text);
        return variables;
    }

    /// <summary>Sets one more variable, in the place of one of the same name.</summary>
    public static void Set(List<string> variables, string text)
    {
        Texts.NoControl("--env", text, newlines: true);
        int equals = text.IndexOf('=');
        string name = equals < 0 ? text : text[..equals];
        Texts.NoControl("--env", name);
        if (name.Length == 0) throw Texts.Refuse("--env", text, "the name is missing", "NAME=VALUE, or NAME to pass a variable on");
        if (equals < 0)
        {
            if (ProcessText.Variable(name) is not { } value) return;
            text = $"{name}={value}";
        }
        int known = variables.FindIndex(variable => variable.StartsWith(name + "=", StringComparison.Ordinal));
        if (known >= 0) variables[known] = text;
        else variables.Add(text);
    }
}
