using Littlebox.Linux;
using Littlebox.Linux.Text;

namespace Littlebox.Runtime.Oci;

/// <summary>
/// Why the program of a container could not be executed, in the words that engines look for to choose 127 or 126 ("executable file not found in $PATH", "no such file or directory",
/// "permission denied", "exec format error"), and behind them in ours.
/// </summary>
internal static class OciCommandError
{
    /// <summary>The error.</summary>
    /// <param name="command">The program as it was given.</param>
    /// <param name="failure">What execve, or the look for the program, failed with.</param>
    /// <param name="diagnosis">What <see cref="CommandDiagnosis"/> has found.</param>
    public static LittleboxException Of(string command, Errno failure, LittleboxException diagnosis)
    {
        string words = command.Contains('/') || diagnosis.Kind is not ErrorKind.CommandNotFound || failure is not (Errno.ENOENT or Errno.ENOTDIR)
            ? failure.Describe().ToLowerInvariant() : "executable file not found in $PATH";
        return new LittleboxException(diagnosis.Kind, $"unable to start container process: exec: {Strace.Quote(command)}: {words}: {diagnosis.Message}", [.. diagnosis.Details]);
    }
}
