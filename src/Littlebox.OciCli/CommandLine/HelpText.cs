using System.Text;

namespace Littlebox.OciCli.CommandLine;

/// <summary>What <c>--help</c> prints, from the tables of verbs and flags.</summary>
internal static class HelpText
{
    /// <summary>The help of the program.</summary>
    public static string OfProgram()
    {
        var text = new StringBuilder($"""
            NAME:
               littlebox-oci - makes containers from OCI bundles, with runc's command line

            USAGE:
               littlebox-oci [global options] command [command options] [arguments...]

            VERSION:
               {ProductVersion.Number}

            COMMANDS:

            """);
        foreach (string name in VerbTable.Names) text.Append($"   {name,-10}  {VerbTable.Find(name)!.Summary}\n");
        text.Append("   help, h     Shows a list of commands or help for one command\n\nGLOBAL OPTIONS:\n");
        return Options(text, GlobalFlags.All).ToString();
    }

    /// <summary>The help of one verb.</summary>
    public static string Of(Verb verb)
    {
        Flag[] flags = verb.Flags;
        var text = new StringBuilder($"NAME:\n   littlebox-oci {verb.Name} - {verb.Summary}\n\nUSAGE:\n   littlebox-oci {verb.Name}{(flags.Length > 0 ? " [command options]" : "")} {verb.Words}\n");
        if (verb.Description.Length > 0) text.Append($"\nDESCRIPTION:\n{verb.Description}\n");
        if (flags.Length == 0) return text.ToString();
        return Options(text.Append("\nOPTIONS:\n"), flags).ToString();
    }

    private static StringBuilder Options(StringBuilder text, Flag[] all)
    {
        Flag[] flags = [.. all.Where(static flag => !flag.Hidden)];
        string[] names = [.. flags.Select(static flag => $"--{flag.Name}{(flag.HasValue ? " value" : "")}{(flag.Short != '\0' ? $", -{flag.Short}{(flag.HasValue ? " value" : "")}" : "")}")];
        int width = names.Max(static name => name.Length);
        for (int i = 0; i < flags.Length; i++) text.Append($"   {names[i].PadRight(width)}  {flags[i].Help}{(flags[i].Default is { } value ? $" (default: {value})" : "")}\n");
        return text;
    }
}
