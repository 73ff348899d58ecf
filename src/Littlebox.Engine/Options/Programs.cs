using Littlebox.Linux;
using Littlebox.Runtime;

namespace Littlebox.Engine.Options;

/// <summary>Programs of the host.</summary>
internal static class Programs
{
    /// <summary>True when a program can be found by the PATH of this process.</summary>
    public static bool InPath(string name)
    {
        string path = Linux.Text.ProcessText.Variable("PATH") ?? ExecutablePath.Default;
        foreach (string candidate in ExecutablePath.Candidates(name, [$"PATH={path}"]))
        {
            if (Kernel.TryFaccessAt2(Linux.Text.Strace.CurrentDirectory, candidate, 1) >= 0) return true;
        }
        return false;
    }
}
