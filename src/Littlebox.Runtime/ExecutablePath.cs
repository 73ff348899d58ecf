namespace Littlebox.Runtime;

/// <summary>Where a command is looked for, as execvp(3) does.</summary>
public static class ExecutablePath
{
    /// <summary>The PATH of a container that is given none.</summary>
    public const string Default = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The paths to try: the command itself where it has a slash, else one in each directory of PATH in the environment.</summary>
    public static IReadOnlyList<string> Candidates(string command, IReadOnlyList<string> environment)
    {
        if (command.Contains('/')) return [command];
        string path = Default;
        foreach (string variable in environment)
        {
            if (variable.StartsWith("PATH=", StringComparison.Ordinal)) path = variable[5..];
        }
        string[] directories = path.Split(':');
        // An empty part of PATH is the current directory.
        for (int i = 0; i < directories.Length; i++) directories[i] = directories[i].Length == 0 ? "./" + command : $"{directories[i].TrimEnd('/')}/{command}";
        return directories;
    }
}
