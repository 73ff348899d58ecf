using System.Diagnostics;
using System.Text;

namespace Littlebox.Integration.Tests;

/// <summary>A program that has been started by a test. What it prints is collected as it comes. Disposing of it kills it.</summary>
public sealed class RunningProgram : IDisposable
{
    private readonly Process process;
    private readonly string command;
    private readonly StringBuilder output = new(), errors = new();
    private readonly Task outputEnd, errorsEnd;

    internal RunningProgram(Process process, string command)
    {
        (this.process, this.command) = (process, command);
        outputEnd = Task.Factory.StartNew(() => Collect(process.StandardOutput, output), TaskCreationOptions.LongRunning);
        errorsEnd = Task.Factory.StartNew(() => Collect(process.StandardError, errors), TaskCreationOptions.LongRunning);
    }

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Its standard input.</summary>
    public StreamWriter Input => process.StandardInput;

    /// <summary>True when it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Output => Read(output);

    /// <summary>Its errors so far.</summary>
    public string Errors => Read(errors);

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => Linux.Kernel.Kill(Id, signal);

    /// <summary>Waits until its output contains a text, and fails the test where it ends before, or where the time is over.</summary>
    public string WaitForOutput(string text, TimeSpan? limit = null) => WaitFor(() => Output, text, limit);

    /// <summary><see cref="WaitForOutput"/> for its errors.</summary>
    public string WaitForErrors(string text, TimeSpan? limit = null) => WaitFor(() => Errors, text, limit);

    /// <summary>Waits for its end, and kills it and fails the test where the time is over.</summary>
    public RunResult WaitForEnd(TimeSpan? limit = null)
    {
        TimeSpan time = limit ?? Program.DefaultLimit;
        if (!process.WaitForExit(time))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"not ended after {time.TotalSeconds:0.#} s, killed\n{Result(-1)}");
        }
        // A process that it left behind may hold its output open: it is not waited for, since a leak is for LeakCheck to find.
        Task.WaitAll([outputEnd, errorsEnd], TimeSpan.FromSeconds(2));
        return Result(process.ExitCode);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(10));
        }
        process.Dispose();
    }

    private static void Collect(StreamReader reader, StringBuilder text)
    {
        char[] buffer = new char[4096];
        try
        {
            for (int length; (length = reader.Read(buffer)) > 0;)
            {
                lock (text) text.Append(buffer, 0, length);
            }
        }
        catch (ObjectDisposedException)
        {
            // The test is over, and the program that still held its output has been given up.
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text) return text.ToString();
    }

    private string WaitFor(Func<string> read, string text, TimeSpan? limit)
    {
        TimeSpan time = limit ?? Program.DefaultLimit;
        var watch = Stopwatch.StartNew();
        while (!read().Contains(text, StringComparison.Ordinal))
        {
            bool ended = process.WaitForExit(10) && Task.WaitAll([outputEnd, errorsEnd], 1000);
            if (read().Contains(text, StringComparison.Ordinal)) break;
            Assert.False(ended, $"ended before it printed “{text}”\n{(ended ? Result(process.ExitCode) : "")}");
            Assert.True(watch.Elapsed < time, $"not printed within {time.TotalSeconds:0.#} s: “{text}”\n{Result(-1)}");
        }
        return read();
    }

    private RunResult Result(int code) => new(command, code, Output, Errors);
}
