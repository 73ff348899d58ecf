using System.Globalization;
using Littlebox.Cli.CommandLine;
using Littlebox.Cli.Terminal;
using Littlebox.Engine;
using Littlebox.Engine.Learn;
using Littlebox.Engine.Options;
using Littlebox.Images;
using Littlebox.Linux;
using Littlebox.Runtime.Request;
using Littlebox.Runtime.State;

namespace Littlebox.Cli.Verbs.Learn;

/// <summary><c>littlebox learn</c>: the work of it.</summary>
internal static class LearnCommand
{
    // Long enough for every reader; the lesson ends it.
    private const string Seconds = "10000000";

    /// <summary>Plays the lesson.</summary>
    public static int Run(ParsedArguments arguments)
    {
        Chapter[] chapters = ChapterList.All;
        if (arguments.Has("list")) return List(chapters);
        int first = arguments.Words.Count == 0 ? 0 : ChapterList.Find(chapters, arguments.Words[0]);
        if (first < 0) throw new UsageException(arguments.Verb, $"CHAPTER={arguments.Words[0]}: there is no such chapter; 'littlebox learn --list' lists them");
        bool ask = !arguments.Has("yes");
        if (ask && !(Kernel.IsTerminal(0) && Kernel.IsTerminal(Output.Out)))
            throw new UsageException(arguments.Verb, "learn waits for Enter, and there is no terminal; with --yes it goes on by itself");

        StateStore store = StateStore.ForThisUser();
        Housekeeping.Tidy(store);
        using Answers answers = Answers.OfInput();
        var player = new LessonPlayer(chapters, first, store, ask ? answers : null);
        try
        {
            Lesson.Run(Request(store), store, player.BeforeStep, player.WhileRunning);
            return 0;
        }
        catch (LessonEnded end)
        {
            Output.WriteLine("\nThe lesson ends here. What had been made is gone again: the processes, the mounts, the namespaces.");
            return end.ExitCode;
        }
    }

    // The default root, made into a request and a plan as 'littlebox run --name learn-PID --hostname littlebox default sleep …' is.
    private static ContainerRequest Request(StateStore store)
    {
        using var progress = new UnpackProgress();
        var roots = new RootStore(DataDirectory.ForThisUser()) { Unpacked = progress.Finished };
        return new RequestResolver(store, new RootResolver(roots, progress.Show)).Resolve(new RunOptions { Name = string.Create(CultureInfo.InvariantCulture, $"learn-{Kernel.ProcessId}"), HostName = "littlebox", Command = ["sleep", Seconds] });
    }

    private static int List(Chapter[] chapters)
    {
        int width = chapters.Max(static chapter => chapter.Name.Length);
        for (int i = 0; i < chapters.Length; i++)
            Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1}  {chapters[i].Name.PadRight(width)}  {chapters[i].Title}"));
        return 0;
    }
}
