using Littlebox.Boot;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Help;
using Littlebox.Cli.Terminal;
using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Cli;

/// <summary>The program <c>littlebox</c>: finds the verb, runs it, and prints what went wrong.</summary>
internal static class Program
{
    /// <summary>The exit code when littlebox itself failed, as docker has it.</summary>
    private const int OwnFailure = 125;

    /// <summary>128 + SIGPIPE: what a shell shows for a program whose reader has gone.</summary>
    private const int ReaderGone = 141;

    // Ends the process itself: nothing waits for the runtime's own end, which takes its locks and runs its handlers.
    private static void Main(string[] arguments)
    {
        Kernel.HoldStandardStreams();
        ChildMemory.IsOursAlone = true;
        Kernel.ExitGroup(Run(ProcessText.Arguments(arguments)));
    }

    private static int Run(string[] arguments)
    {
        try
        {
            return Dispatch(arguments);
        }
        catch (OutputClosedException)
        {
            return ReaderGone;
        }
        catch (CommandException error)
        {
            return Report(error.Message, error.Details, error.ExitCode);
        }
        catch (LittleboxException error)
        {
            return Report(error.Message, [.. error.Details], error.Kind switch
            {
                ErrorKind.CommandNotFound => 127,
                ErrorKind.CommandNotExecutable => 126,
                _ => OwnFailure,
            });
        }
        catch (SystemCallException error)
        {
            return Report($"the system does not allow it: {error.Error.Describe()}", [error.Message], OwnFailure);
        }
        catch (Exception error)
        {
            return Report("this is a bug in littlebox; please report it with the lines below",
                [$"littlebox {ProductVersion.Text}, command line: littlebox {string.Join(' ', arguments)}", .. error.ToString().Split('\n')], OwnFailure);
        }
    }

    private static int Dispatch(ReadOnlySpan<string> arguments)
    {
        if (arguments.IsEmpty) return Show(HelpText.Overview(Output.Columns(Output.Out), Style.For(Output.Out)));
        switch (arguments[0])
        {
            case "--version" or "-V":
                return Show(ProductVersion.Line);
            case "--help" or "-h":
                return Show(HelpText.Overview(Output.Columns(Output.Out), Style.For(Output.Out)));
        }
        VerbSpec? verb = VerbTable.Find(arguments, out int used);
        if (verb is not null) return Run(verb, arguments[used..]);
        if (VerbTable.IsGroup(arguments[0]) && (arguments.Length == 1 || arguments[1] is "--help" or "-h" or "help"))
            return Show(HelpText.Group(arguments[0], Output.Columns(Output.Out), Style.For(Output.Out)));
        throw UnknownVerb.Error(arguments);
    }

    private static int Run(VerbSpec verb, ReadOnlySpan<string> arguments)
    {
        ParsedArguments parsed = ArgumentParser.Parse(verb, arguments);
        bool helpWanted = parsed.Has(VerbSpec.HelpOption.Name) || parsed.Inner?.Has(VerbSpec.HelpOption.Name) == true;
        return helpWanted ? Show(HelpText.Verb(verb, Output.Columns(Output.Out), Style.For(Output.Out))) : verb.Run(parsed);
    }

    private static int Show(string text)
    {
        Output.Write(text);
        return 0;
    }

    private static int Report(string sentence, ReadOnlySpan<string> details, int exitCode)
    {
        string text = $"littlebox: {sentence}";
        foreach (string detail in details) text += $"\n  {detail}";
        Output.WriteErrorLine(text);
        return exitCode;
    }
}
