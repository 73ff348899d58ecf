using Littlebox.Linux;
using Littlebox.Oci;

namespace Littlebox.Runtime.Oci.HookRuns;

/// <summary>The error of a hook that failed: which one, how it ended, what it said.</summary>
internal static class HookError
{
    /// <summary>It ended by itself, not with exit code 0.</summary>
    public static LittleboxException Ended(HookPoint point, int index, Hook hook, WaitStatus status, string output) =>
        Of(point, index, hook, status.Exited ? $"exit status {status.ExitCode}" : $"ended by signal {status.Signal}", output);

    /// <summary>Its time was up.</summary>
    public static LittleboxException TimedOut(HookPoint point, int index, Hook hook, string output) =>
        Of(point, index, hook, $"not ended within its {hook.Timeout} s, and killed with its process group", output);

    /// <summary>The container has been ended by somebody else meanwhile.</summary>
    public static LittleboxException Orphaned(HookPoint point, int index, Hook hook, string output) => Of(point, index, hook, "killed, since the container's first process has been ended meanwhile", output);

    /// <summary>It could not be executed.</summary>
    public static LittleboxException NotExecuted(HookPoint point, int index, Hook hook, string call, Errno error) =>
        Of(point, index, hook, error.Describe().ToLowerInvariant(), $"{call} = -1 {error} ({error.Describe()})");

    private static LittleboxException Of(HookPoint point, int index, Hook hook, string what, string detail)
    {
        string sentence = $"error running {point.Name()} hook #{index}: {hook.Path}: {what}", field = $"from config.json: /hooks/{point.Name()}/{index}";
        return detail.Length == 0 ? new LittleboxException(ErrorKind.SystemError, sentence, field) : new LittleboxException(ErrorKind.SystemError, sentence, detail, field);
    }
}
