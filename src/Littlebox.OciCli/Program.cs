using Littlebox.Boot;
using Littlebox.Linux;
using Littlebox.OciCli.CommandLine;
using Littlebox.OciCli.Logging;

namespace Littlebox.OciCli;

/// <summary>The program <c>littlebox-oci</c>: runc's command line, for engines. It reads the global flags, finds the verb, and says what went wrong.</summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        ChildMemory.IsOursAlone = true;
        Kernel.ExitGroup(Run(arguments));
    }

    private static int Run(string[] arguments)
    {
        Log log = Log.ToStandardError;
        int failure = 1;
        try
        {
            ParsedFlags global = ParsedFlags.ReadGlobal(arguments);
            log = Log.Of(global);
            if (global.Has("version")) return Invocation.Print($"littlebox-oci version {ProductVersion.Number}\ncommit: {ProductVersion.Commit}\nspec: {ProductVersion.Spec}\n");
            string[] words = global.Words;
            if (global.Has("help") || words.Length == 0) return Invocation.Print(HelpText.OfProgram());
            bool help = words[0] is "help" or "h";
            if (help && words.Length == 1) return Invocation.Print(HelpText.OfProgram());
            string name = words[help ? 1 : 0];
            if (VerbTable.Find(name) is not { } verb)
            {
                failure = 3;
                throw new LittleboxException(ErrorKind.InvalidArgument, $"No help topic for '{name}'");
            }
            if (help) return Invocation.Print(HelpText.Of(verb));
            ParsedFlags line = ParsedFlags.ReadVerb(words.AsSpan(1), verb);
            if (line.Has("help")) return Invocation.Print(HelpText.Of(verb));
            failure = verb.FailureCode;
            if (log.IsDebug) log.Debug($"{verb.Name} {string.Join(' ', words.AsSpan(1)!)}, littlebox-oci {ProductVersion.Number}, process {Kernel.ProcessId}");
            return verb.Run(new Invocation(global, line, log));
        }
        catch (UsageException error)
        {
            Invocation.Print($"Incorrect Usage: {error.Message}\n\n{(error.Verb is { } verb ? HelpText.Of(verb) : HelpText.OfProgram())}\n");
            log.Error(error.Message, []);
        }
        catch (LittleboxException error)
        {
            log.Error(error.Message, error.Details);
        }
        catch (SystemCallException error)
        {
            log.Error(error.Message, []);
        }
        return failure;
    }
}
