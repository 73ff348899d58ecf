namespace Littlebox.Kernel.Integration.Tests;

/// <summary>What a script in a machine left.</summary>
/// <param name="Script">Its text, for messages.</param>
/// <param name="ExitCode">The exit code; 137 where it took too long.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
public sealed record Result(string Script, int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of the output, without the last newline.</summary>
    public string[] Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');

    /// <summary>This result, or a failed test which shows everything.</summary>
    public Result ExpectExit(int code)
    {
        Assert.True(ExitCode == code, $"exit code {code} was expected\n{this}");
        return this;
    }

    /// <summary>This result, or a failed test: exit code 0 and nothing on standard error.</summary>
    public Result ExpectSuccess()
    {
        Assert.True(ExitCode == 0 && Errors.Length == 0, $"success without a word on standard error was expected\n{this}");
        return this;
    }

    /// <summary>This result, or a failed test: exit code 1, and these words on standard error.</summary>
    public Result ExpectError(params string[] words)
    {
        Assert.True(ExitCode == 1 && words.All(Errors.Contains), $"exit code 1 and these words were expected: {string.Join(" … ", words)}\n{this}");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Script}\nexit code {ExitCode}\n--- standard output\n{Output}\n--- standard error\n{Errors}";
}
