using System.Diagnostics;
using System.Text;

namespace Littlebox.Integration.Tests;

/// <summary>Runs programs for tests: output captured, time bounded, nothing inherited but what is asked for.</summary>
public static class Program
{
    /// <summary>How long a program may take where a test says nothing.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path, or a name to be found in PATH.</param>
    /// <param name="arguments">Its arguments, as they are.</param>
    /// <param name="input">Its standard input; empty where <c>null</c>.</param>
    /// <param name="environment">Variables that are set (or, with a <c>null</c> value, taken away) on top of this process's own.</param>
    /// <param name="directory">Its current directory.</param>
    /// <param name="limit">How long it may take; then it is killed and the test fails.</param>
    public static RunResult Run(
        string program, IEnumerable<string> arguments, string? input = null, IEnumerable<(string Name, string? Value)>? environment = null, string? directory = null, TimeSpan? limit = null)
    {
        using RunningProgram running = Start(program, arguments, environment, directory);
        try
        {
            running.Input.Write(input ?? "");
            running.Input.Close();
        }
        catch (IOException)
        {
            // It has ended without reading its input, as it may.
        }
        return running.WaitForEnd(limit);
    }

    /// <summary>Starts a program and leaves it running; the caller disposes of it, which kills it.</summary>
    public static RunningProgram Start(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string? Value)>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = directory ?? "/",
        };
        foreach ((string name, string? value) in environment ?? []) start.Environment[name] = value;
        return new RunningProgram(Process.Start(start)!, $"{program} {string.Join(' ', arguments)}");
    }

    /// <summary>Runs a script of bash, which ends at the first command that fails (<c>set -eu</c>).</summary>
    public static RunResult Bash(string script, TimeSpan? limit = null) => Run("bash", ["-euc", script], limit: limit);
}
