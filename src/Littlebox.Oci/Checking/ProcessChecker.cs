namespace Littlebox.Oci;

/// <summary><c>process</c>, and the document of <c>exec --process</c> (config.md, Process).</summary>
public static class ProcessChecker
{
    /// <summary>Checks a process.</summary>
    /// <param name="process">What was read.</param>
    /// <param name="document">The name of the document.</param>
    /// <param name="at">Where in it the process is; empty where it is the whole document.</param>
    /// <exception cref="ConfigException">The first part that is wrong.</exception>
    public static void Check(Process process, string document = "config.json", string at = "/process")
    {
        ConfigException Bad(string field, string found, string allowed) => new(document, $"{at}/{field}", found, allowed);

        if (process.Args.Count == 0) throw Bad("args", "an empty list", "a program and its arguments");
        if (process.Args[0].Length == 0) throw Bad("args/0", "an empty string", "a program: its path, or a name that is looked up in PATH");
        for (int i = 0; i < process.Args.Count; i++)
        {
            int index = i;
            Wrong.UnlessArgument(process.Args[i], () => $"{at}/args/{index}", document);
        }
        Wrong.UnlessEnvironment(process.Env, () => $"{at}/env", document);
        Wrong.UnlessAbsolute(process.Cwd, () => $"{at}/cwd", document);
        UserCheck.Check(process.User, Bad);
        RlimitCheck.Check(process.Rlimits, Bad);
        if (process.OomScoreAdj is < -1000 or > 1000) throw Bad("oomScoreAdj", $"{process.OomScoreAdj}", "-1000 to 1000");
        // Without a terminal the size is to be ignored, whatever it is.
        if (process is { Terminal: true, ConsoleSize: { } size })
        {
            if (size.Height > ushort.MaxValue) throw Bad("consoleSize/height", $"{size.Height}", $"0 to {ushort.MaxValue}");
            if (size.Width > ushort.MaxValue) throw Bad("consoleSize/width", $"{size.Width}", $"0 to {ushort.MaxValue}");
        }
        SchedulingCheck.Check(process, Bad);
    }
}
