namespace Littlebox.Cli.Verbs.Learn;

/// <summary>Whoever learns wants no more; everything is undone on the way out.</summary>
internal sealed class LessonEnded(int exitCode) : Exception
{
    /// <summary>The exit code: 0 where it was asked for, 130 after Ctrl-C.</summary>
    public int ExitCode => exitCode;
}
