namespace Littlebox.Integration.Tests;

/// <summary>What a program left: its exit code (128 and the signal's number where a signal ended it), its output and its errors.</summary>
/// <param name="Command">The words it was started with, for messages.</param>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output, as UTF-8.</param>
/// <param name="Errors">Standard error, as UTF-8.</param>
public sealed record RunResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of the output, without the last newline.</summary>
    public string[] Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');

    /// <summary>This result, or a failed test which shows everything.</summary>
    public RunResult ExpectExit(int code)
    {
        Assert.True(ExitCode == code, $"exit code {code} was expected\n{this}");
        return this;
    }

    /// <summary>This result, or a failed test: exit code 0 and nothing on standard error.</summary>
    public RunResult ExpectSuccess()
    {
        Assert.True(ExitCode == 0 && Errors.Length == 0, $"success without a word on standard error was expected\n{this}");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => $"$ {Command}\nexit code {ExitCode}\n--- standard output\n{Output}\n--- standard error\n{Errors}";
}
